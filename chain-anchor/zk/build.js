// Compiles the circuits into target/zk: constraints (r1cs) and the program that computes a witness (wasm). What is there
// already and was made from the same sources stays.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { constants } from "./poseidon.js";

export const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..");
export const out = join(root, "target/zk");
export const circuits = ["registration", "inference"];
const compiler = join(root, "node_modules/circom2/cli.js");

/** Compiles what changed. */
export function build() {
  mkdirSync(out, { recursive: true });
  const wanted = sourcesDigest();
  const stamp = join(out, "sources");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  writeFileSync(join(out, "poseidon_constants.circom"), constantsSource([3, 17]));
  for (const circuit of circuits) compile(join(here, "circuits", `${circuit}.circom`), out);
  writeFileSync(stamp, wanted);
}

/** Compiles one source into a folder that holds the constants. */
export function compile(source, folder, library = join(here, "circuits")) {
  // Without full simplification, which would undo what poseidon.circom does for the key's length.
  // The compiler sees only what is below its working folder.
  const [from, into, drawn, included] = [source, folder, out, library].map((path) => relative(root, path));
  const options = [from, "--r1cs", "--wasm", "--O1", "-l", drawn, "-l", included, "-o", into];
  const run = spawnSync(process.execPath, [compiler, ...options], { cwd: root, encoding: "utf8" });
  if (run.status !== 0) throw new Error(`circom refuses ${source}:\n${run.stdout}${run.stderr}`);
}

function sourcesDigest() {
  const digest = createHash("sha256");
  const folder = join(here, "circuits");
  for (const file of readdirSync(folder).sort()) digest.update(readFileSync(join(folder, file)));
  for (const file of ["poseidon.js", "build.js"]) digest.update(readFileSync(join(here, file)));
  return digest.digest("hex");
}

function constantsSource(widths) {
  const list = (elements) => `[${elements.join(", ")}]`;
  const rounds = widths.map((width) => {
    const rows = constants(width).rounds.map((row, i) => `if (round == ${i}) { return ${list(row)}; }`);
    return `function poseidonRound${width}(round) { ${rows.join("\n")} return ${list(constants(width).rounds[0])}; }`;
  });
  const choose = (name, call) =>
    `function ${name} { ${widths.map((width) => `if (width == ${width}) { return ${call(width)}; }`).join(" ")} return ${call(widths[0])}; }`;
  return [
    "pragma circom 2.1.6;",
    ...rounds,
    choose("poseidonRound(width, round)", (width) => `poseidonRound${width}(round)`),
    choose("poseidonMatrix(width)", (width) => list(constants(width).matrix.map(list))),
    "",
  ].join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) build();
