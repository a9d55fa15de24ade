// Circuits with one protection taken out, and a prover that lies where it stood. Each lie must hold where the protection
// is missing, or it would be no lie, and must break a line of the circuit that is used.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compile, here, out } from "./build.js";
import { statements } from "./prove.js";
import { draws } from "./sample.js";
import { constraints, honestWitness, violated } from "./witness.js";

const bugs = [
  {
    name: "weights without a range",
    circuit: "registration",
    changes: [["model.circom", "rest * (rest - top) === 0;", ""]],
    // A weight that reaches beyond its limb counts into the result beside it.
    lie(inputs) {
      inputs.first[3][5] += 1n << 20n;
    },
  },
  {
    name: "a clamp that may be left out",
    circuit: "inference",
    changes: [
      ["inference.circom", "high * (1 - above) === 0;", ""],
      ["inference.circom", "inverse <-- high != 0 ? 1 / high : 0;", "inverse <-- 0;"],
    ],
  },
  {
    name: "bits that are more than one",
    circuit: "inference",
    changes: [
      ["model.circom", "bits[i] * (bits[i] - 1) === 0;", ""],
      // The sign is hidden in the bit below it, so that every result counts as negative.
      [
        "model.circom",
        "bits[i] <-- (value >> i) & 1;",
        "bits[i] <-- i % 20 == 18 ? (value >> i) & 3 : (i % 20 == 19 ? 0 : (value >> i) & 1);",
      ],
    ],
  },
  {
    name: "a remainder that nobody adds up",
    circuit: "inference",
    changes: [
      ["model.circom", "sum === value;", ""],
      ["model.circom", "bits[i] <-- (value >> i) & 1;", "bits[i] <-- 1;"],
    ],
  },
  {
    name: "an output that only the prover knows",
    circuit: "inference",
    changes: [["inference.circom", "output_ <== result;", "output_ <-- result + 1;"]],
  },
];

/** Plants the first so many bugs. @returns how many. */
export async function plantedBugs(check, count) {
  const planted = bugs.slice(0, count);
  for (const bug of planted) await plant(bug, check);
  return planted.length;
}

async function plant({ name, circuit, changes, lie }, check) {
  const folder = join(out, "planted");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(join(here, "circuits"), folder, { recursive: true });
  for (const [file, from, to] of changes) {
    const text = readFileSync(join(folder, file), "utf8");
    check(text.includes(from), `${file} has the line "${from}"`);
    writeFileSync(join(folder, file), text.replace(from, to));
  }
  compile(join(folder, `${circuit}.circom`), folder, folder);

  const draw = draws(`planted: ${name}`);
  const request = { model: draw.model(), owner: "0xabc", x: draw.input(), inputSalt: draw.secret(), job: "0x123" };
  const inputs = statements[circuit](request).inputs;
  lie?.(inputs);
  const witness = await honestWitness(folder, circuit, inputs);
  const [broken, whole] = [await constraints(folder, circuit), await constraints(out, circuit)];
  check(broken.wires === whole.wires, `${name}: the broken circuit has the wires of the whole one`);
  check(violated(broken, witness) === -1, `${name}: the lie holds where the protection is missing`);
  check(violated(whole, witness) !== -1, `${name}: the lie breaks a line of the circuit`);
}
