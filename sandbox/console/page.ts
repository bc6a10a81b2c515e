/** The page itself: no build step, no external asset. Everything that comes from the tenant is set as text. */
export function page(stack: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tenant ${stack}</title>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 72rem; padding: 1rem; }
main { display: grid; gap: 1.5rem; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); }
section { min-width: 0; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent); overflow-wrap: anywhere; padding: .25rem .5rem .25rem 0; text-align: left; vertical-align: top; }
.wide { grid-column: 1 / -1; }
</style>
<h1>Tenant ${stack}</h1>
<p id="status" role="status">Loading…</p>
<main>
<section><h2>People</h2><table><thead><tr><th>userName</th><th>active</th></tr></thead><tbody id="people"></tbody></table></section>
<section><h2>Groups</h2><table><thead><tr><th>displayName</th><th>members</th></tr></thead><tbody id="groups"></tbody></table></section>
<section class="wide"><h2>What Okta sent last</h2><table><thead><tr><th>time</th><th>request</th><th>status</th><th>ms</th></tr></thead><tbody id="exchanges"></tbody></table></section>
<section class="wide"><h2>Stack outputs</h2><table><thead><tr><th>name</th><th>value</th></tr></thead><tbody id="outputs"></tbody></table></section>
</main>
<script>
const fill = (id, rows) => document.getElementById(id).replaceChildren(...rows.map((cells) => {
  const row = document.createElement("tr");
  for (const cell of cells) row.insertCell().textContent = String(cell);
  return row;
}));
const text = (value) => typeof value === "string" ? value : JSON.stringify(value);
async function refresh() {
  try {
    const response = await fetch("/state");
    if (!response.ok) throw new Error(await response.text());
    const { outputs, directory, exchanges } = await response.json();
    fill("people", directory.users.map((u) => [u.userName, u.active === false ? "no" : "yes"]));
    fill("groups", directory.groups.map((g) => [g.displayName, g.members.length]));
    fill("exchanges", exchanges.map((e) => [e.at, e.method + " " + e.url, e.status, e.ms]));
    fill("outputs", Object.entries(outputs).map(([name, value]) => [name, text(value)]));
    document.getElementById("status").textContent = directory.users.length + " people, " + directory.groups.length + " groups";
  } catch (error) {
    document.getElementById("status").textContent = "The tenant does not answer: " + error.message;
  }
}
refresh();
setInterval(refresh, 2000);
</script>
</html>
`;
}
