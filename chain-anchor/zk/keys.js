// The committed development keys, and the form in which verifiers read them.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { circuits, here } from "./build.js";
import { encodeKey } from "./prove.js";

/** Where the Java verifier has its copy. */
export const published = join(here, "../../verification/src/main/resources/zk/development.json");

export function key(circuit) {
  return JSON.parse(readFileSync(join(here, "keys", `${circuit}.json`), "utf8"));
}

export function recipe() {
  return JSON.parse(readFileSync(join(here, "keys/recipe.json"), "utf8"));
}

/** The verification keys as one small file. */
export function publishedKeys() {
  const keys = Object.fromEntries(circuits.map((circuit) => [circuit, encodeKey(key(circuit))]));
  return JSON.stringify({ ceremony: "development", ...keys }, null, 2) + "\n";
}
