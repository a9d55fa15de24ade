// SPDX-License-Identifier: Apache-2.0
//
// Checks that the examples are what they say. Every task of every job file is run under Node's own WASI,
// and exit codes, outputs, modules and inputs are compared with expected.txt beside the job file; so is
// the output that a README shows. What a committed script made (a picture, a tick file) is made again.
// Modules are rebuilt from their source, to the byte, where the compiler that made them is installed.
//
//   node examples/check.mjs                     all examples
//   node examples/check.mjs image-tiles         some of them
//   node examples/check.mjs --rebuild           a compiler that is missing is a failure
//   node examples/check.mjs --record            writes expected.txt anew
//
// Exit 0 when everything held, 1 when something did not, 2 for a wrong argument.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

// node:wasi still announces itself as experimental; that is no news to the reader of this output.
process.removeAllListeners("warning");
const { WASI } = await import("node:wasi");

const EXAMPLES = dirname(fileURLToPath(import.meta.url));

/** Inputs that a committed script makes, by example. */
const GENERATED = {
  "option-price": { "ticks.csv": "make-ticks.mjs" },
  "image-tiles": { "picture.ppm": "make-picture.mjs" },
};

const digest = (bytes) => "sha256:" + createHash("sha256").update(bytes).digest("hex");

/** Runs one task as a node would: the arguments behind the name "task", the input as standard input. */
async function runTask(module, { arguments: taskArguments, input }, scratch) {
  const outputFile = join(scratch, "output");
  const [stdin, stdout] = [openSync(input, "r"), openSync(outputFile, "w")];
  try {
    const wasi = new WASI({ version: "preview1", args: ["task", ...taskArguments], stdin, stdout, returnOnExit: true });
    const exitCode = wasi.start(await WebAssembly.instantiate(module, wasi.getImportObject()));
    return { exitCode, output: readFileSync(outputFile) };
  } finally {
    closeSync(stdin);
    closeSync(stdout);
  }
}

/** What a job file gives, one line a fact: its module, its inputs, each task's outcome, all outputs joined. */
async function observe(folder, jobFile, scratch) {
  const job = JSON.parse(readFileSync(join(folder, jobFile), "utf8"));
  const moduleBytes = readFileSync(join(folder, job.workload.module));
  const module = await WebAssembly.compile(moduleBytes);
  const lines = [`job ${jobFile}`, `module ${job.workload.module} ${digest(moduleBytes)}`];
  for (const input of new Set(job.tasks.map((task) => task.input))) {
    lines.push(`input ${input} ${digest(readFileSync(join(folder, input)))}`);
  }
  const outputs = [];
  for (const [index, task] of job.tasks.entries()) {
    const { exitCode, output } = await runTask(module, { ...task, input: join(folder, task.input) }, scratch);
    lines.push(`task ${index} exit ${exitCode} output ${digest(output)}`);
    outputs.push(output);
  }
  lines.push(`joined ${digest(Buffer.concat(outputs))}`);
  return { lines, outputs, jobFile, modulePath: job.workload.module, moduleBytes };
}

/** The outputs that an example's README shows, which must be those of job.json. */
function shownOutputs(folder) {
  const readme = readFileSync(join(folder, "README.md"), "utf8");
  const blocks = readme.matchAll(/^Output of task (\d+)\b.*\n\n```\n([^]*?)```/gm);
  return [...blocks].map(([, task, text]) => ({ task: Number(task), text }));
}

const joinedDigests = (lines) => lines.filter((line) => line.startsWith("joined "));

/** Why the committed module cannot be made again here, or null if its compiler is installed. */
function compilerMissing(folder) {
  if (existsSync(join(folder, "asconfig.json"))) {
    return existsSync(join(folder, "node_modules", ".bin", "asc")) ? null : "run build.sh once to fetch AssemblyScript";
  }
  try {
    const version = execFileSync("clang", ["--version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    return /version 14\./.test(version) ? null : "needs clang 14, found " + version.split("\n")[0];
  } catch {
    return "clang 14 is not installed";
  }
}

async function checkExample(name, { record, rebuild }, scratch) {
  const folder = join(EXAMPLES, name);
  const failures = [];
  const expectedFile = join(folder, "expected.txt");
  const jobs = [];
  for (const jobFile of readdirSync(folder).filter((file) => /^job.*\.json$/.test(file)).sort()) {
    jobs.push(await observe(folder, jobFile, scratch));
  }
  const observed = jobs.flatMap((job) => job.lines);
  if (record) writeFileSync(expectedFile, observed.join("\n") + "\n");

  const expected = readFileSync(expectedFile, "utf8").trimEnd().split("\n");
  for (let i = 0; i < Math.max(expected.length, observed.length); i++) {
    if (expected[i] !== observed[i]) failures.push(`expected "${expected[i]}", got "${observed[i]}"`);
  }
  if (name === "image-tiles" && new Set(joinedDigests(observed)).size !== 1) {
    failures.push("the strips joined are not the picture drawn in one piece");
  }
  const main = jobs.find((job) => job.jobFile === "job.json");
  for (const { task, text } of shownOutputs(folder)) {
    if (main.outputs[task]?.toString("utf8") !== text) failures.push(`README.md shows another output of task ${task}`);
  }
  for (const [file, script] of Object.entries(GENERATED[name] ?? {})) {
    const made = execFileSync(process.execPath, [join(folder, script)], { maxBuffer: 1 << 24 });
    if (!made.equals(readFileSync(join(folder, file)))) failures.push(`${script} makes another ${file}`);
  }

  const missing = compilerMissing(folder);
  if (missing === null) {
    const rebuilt = join(scratch, "rebuilt.wasm");
    execFileSync(join(folder, "build.sh"), [rebuilt], { stdio: ["ignore", "ignore", "inherit"] });
    const bytes = readFileSync(rebuilt);
    for (const { modulePath, moduleBytes } of jobs) {
      if (!bytes.equals(moduleBytes)) failures.push(`build.sh makes another ${modulePath}: ${digest(bytes)}`);
    }
  } else if (rebuild) {
    failures.push(`not rebuilt: ${missing}`);
  }

  const tasks = observed.filter((line) => line.startsWith("task ")).length;
  const note = missing === null ? "module rebuilt" : `module not rebuilt: ${missing}`;
  console.log(`${failures.length === 0 ? "ok    " : "FAILED"} ${name}: ${tasks} tasks, ${note}`);
  for (const failure of failures) console.log(`       ${failure}`);
  return failures.length === 0;
}

const isExample = (name) => existsSync(join(EXAMPLES, name, "job.json")) && "module" in JSON.parse(readFileSync(join(EXAMPLES, name, "job.json"), "utf8")).workload;
const names = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const flags = process.argv.slice(2).filter((argument) => argument.startsWith("--"));
const unknown = [...names.filter((name) => !isExample(name)), ...flags.filter((flag) => !["--record", "--rebuild"].includes(flag))];
if (unknown.length > 0) {
  console.error(`${unknown[0]}: neither an example nor --record nor --rebuild`);
  process.exit(2);
}

const scratch = mkdtempSync(join(tmpdir(), "openledger-examples-"));
try {
  let held = true;
  for (const name of names.length > 0 ? names : readdirSync(EXAMPLES).filter(isExample)) {
    const options = { record: flags.includes("--record"), rebuild: flags.includes("--rebuild") };
    held = (await checkExample(name, options, scratch)) && held;
  }
  process.exitCode = held ? 0 : 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
