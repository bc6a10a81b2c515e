import type { Page } from "playwright-core";
import { z } from "zod";

/**
 * Runs in the page. Measures what a person can see and use at this moment: the topmost dialog, or else the whole page.
 * `primary` are the names of the buttons that are drawn as the main one.
 */
const MEASURE = `(() => {
  const scope = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;
  const faults = new Set();
  const nameOf = (element) => {
    const text = (element.getAttribute("aria-label") ?? element.textContent).trim().slice(0, 40);
    return element.localName + (element.id ? "#" + element.id : "") + " " + JSON.stringify(text);
  };
  const isShown = (element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest(".unseen, .skip");
  /** The part of a box that its scrolling ancestors show. */
  const shownPart = (element, box) => {
    let { left, right, top, bottom } = box;
    for (let above = element.parentElement; above !== null && above !== document.body; above = above.parentElement) {
      if (getComputedStyle(above).overflow === "visible") continue;
      const edge = above.getBoundingClientRect();
      left = Math.max(left, edge.left);
      right = Math.min(right, edge.right);
      top = Math.max(top, edge.top);
      bottom = Math.min(bottom, edge.bottom);
    }
    return { left, right, top, bottom };
  };
  const isEmpty = ({ left, right, top, bottom }) => right - left < 1 || bottom - top < 1;
  const elements = [...scope.querySelectorAll("*")].filter(isShown);

  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) faults.add("the page scrolls sideways");
  for (const element of elements) {
    const { overflowX, overflowY, textOverflow, webkitLineClamp } = getComputedStyle(element);
    const isShortened = webkitLineClamp !== "none" && element.title !== "";
    const isClipping = overflowX !== "visible" && !element.matches("input, select, textarea");
    if (isClipping && element.scrollWidth > element.clientWidth + 1 && textOverflow !== "ellipsis")
      faults.add("is cut at its side: " + nameOf(element));
    if (overflowY === "hidden" && !isShortened && element.scrollHeight > element.clientHeight + 1)
      faults.add("is cut at its foot: " + nameOf(element));
    const FRAMES = "li, section, dialog, header, .bar, .notice, .content, body";
    const frame = element.parentElement.closest(FRAMES);
    const boxes = [{ frame, box: element.getBoundingClientRect() }];
    for (const node of element.childNodes) {
      if (node.nodeType !== Node.TEXT_NODE || textOverflow === "ellipsis") continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const box of range.getClientRects()) boxes.push({ frame: element.closest(FRAMES), box });
    }
    const isOutside = ({ frame, box: { left, right, width } }) => {
      const inside = frame.getBoundingClientRect();
      return width > 0 && (left < inside.left - 1 || right > inside.right + 1);
    };
    const isClipped = element.closest(".clip") !== null;
    const isLifted = getComputedStyle(element).position === "fixed";
    if (!isClipped && !isLifted && boxes.some(isOutside) && !element.matches("header nav a"))
      faults.add("reaches out of " + nameOf(frame) + ": " + nameOf(element));
  }

  const usable = elements.filter((element) => element.matches("a[href], button, input, select, textarea, summary"));
  const parts = usable.map((element) => ({
    element,
    boxes: [...element.getClientRects()].map((box) => shownPart(element, box)).filter((box) => !isEmpty(box)),
  }));
  const overlap = (one, other) =>
    Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1 &&
    Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 1;
  parts.forEach(({ element, boxes }, index) => {
    for (const other of parts.slice(index + 1)) {
      if (element.contains(other.element) || other.element.closest(".parts, #deployment") || element.closest(".parts, #deployment")) continue;
      if (boxes.some((box) => other.boxes.some((its) => overlap(box, its))))
        faults.add("overlap: " + nameOf(element) + " and " + nameOf(other.element));
    }
    for (const { left, right, top, bottom } of boxes) {
      const [x, y] = [(left + right) / 2, (top + bottom) / 2];
      if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) continue;
      const there = document.elementFromPoint(x, y);
      if (there !== null && !element.contains(there) && !there.contains(element) && there.closest(".toast") === null)
        faults.add("is covered by " + nameOf(there) + ": " + nameOf(element));
    }
  });

  const probe = document.body.appendChild(document.createElement("i"));
  const colors = ["--accent", "--bad"].map((color) => {
    probe.style.background = "var(" + color + ")";
    return getComputedStyle(probe).backgroundColor;
  });
  probe.remove();
  const primary = usable
    .filter((element) => element.matches("button, a") && colors.includes(getComputedStyle(element).backgroundColor))
    .map((element) => element.textContent.trim());
  return { faults: [...faults], primary };
})()`;

const measured = z.object({ faults: z.array(z.string()), primary: z.array(z.string()) });

/**
 * What does not fit in the shown place: parts that reach out of their frame or the screen, text that is cut without an
 * ellipsis, controls that overlap or that something covers; and the names of its primary buttons.
 */
export async function measure(page: Page): Promise<z.infer<typeof measured>> {
  await page.evaluate("scrollTo(0, 0)");
  return measured.parse(await page.evaluate(MEASURE));
}
