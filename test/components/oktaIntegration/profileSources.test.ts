import { describe, expect, it } from "vitest";
import { profileSources } from "../../../components/oktaIntegration/profileSources.ts";
import { GROUP, attributePaths } from "../../../lambda/scim/schema/index.ts";

describe("Okta's profile mapping", () => {
  it("has a source for each attribute that the schema registry defines for people, or the reason why it has none", () => {
    const ofPeople = attributePaths().filter((path) => path !== "members" && !path.startsWith(GROUP));
    expect(ofPeople.filter((path) => !(path in profileSources))).toEqual([]);
  });

  it("has no source for an attribute that the schema registry does not define", () => {
    expect(Object.keys(profileSources).filter((path) => !attributePaths().includes(path))).toEqual([]);
  });
});
