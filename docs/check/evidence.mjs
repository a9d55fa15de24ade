// Checks what `openledger audit export` wrote, offline and without code of OpenLedger: nothing but Node.
//
//   unzip -q evidence.zip -d evidence && node evidence.mjs evidence log.key [DIGEST]
//
// log.key holds the log's C2SP key, which must have come to you by a way that you trust. DIGEST is what audit export
// printed. Checks the sums, and for each job that its receipt is in the log that this key signed, is of the account that
// the bundle says, divides what was charged to the unit, and names the policy, the rules and the placements beside it, and
// divides as those rules say. That nodes signed their results by the keys in their files, `openledger audit check` sees, and
// this program does not. What the bundle says is missing from it is printed.
import { createHash, createPublicKey, verify } from "node:crypto";
import { existsSync, readFileSync, readdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The last format of receipts that this program reads. */
const RECEIPT_VERSION = 4;

const sha = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest();
const hex = (bytes) => Buffer.from(bytes).toString("hex");
const said = (digest) => digest.replace(/^sha256:/, "");

/** RFC 8785, for texts and whole numbers. */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
}

/** RFC 9162, 2.1.3.2: the root that an inclusion proof leads to; null if it is too long or too short. */
function root(leaf, index, size, proof) {
  let [hash, at, last] = [sha(Buffer.from([0]), leaf), BigInt(index), BigInt(size) - 1n];
  for (const sibling of proof) {
    if (last === 0n) return null;
    const beside = Buffer.from(said(sibling), "hex");
    if (at % 2n === 1n || at === last) {
      hash = sha(Buffer.from([1]), beside, hash);
      while (at % 2n === 0n && at > 0n) [at, last] = [at / 2n, last / 2n];
    } else {
      hash = sha(Buffer.from([1]), hash, beside);
    }
    [at, last] = [at / 2n, last / 2n];
  }
  return last === 0n ? hash : null;
}

/** The three lines of a C2SP checkpoint, if the key signed them. */
function checkpoint(note, key) {
  const end = note.indexOf("\n\n") + 1;
  const [name, , ...parts] = key.trim().split("+");
  const encoded = parts.join("+"); // base64 may hold plus signs
  const text = note.slice(0, end);
  const der = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), Buffer.from(encoded, "base64").subarray(-32)]);
  const publicKey = createPublicKey({ key: der, format: "der", type: "spki" });
  const signed = note
    .slice(end)
    .split("\n")
    .filter((line) => line.startsWith(`— ${name} `))
    .some((line) => verify(null, Buffer.from(text), publicKey, Buffer.from(line.split(" ")[2], "base64").subarray(-64)));
  const [origin, size, base64] = text.split("\n");
  return signed && origin === name ? { size: Number(size), root: hex(Buffer.from(base64, "base64")) } : null;
}

const cell = (text) => (/^(?!-)[A-Za-z0-9 ._:/-]*$/.test(text) ? text : `"${text.replaceAll('"', '""')}"`);

function placements(receipt, labels) {
  return receipt.tasks.flatMap((task) =>
    task.replicas.map((replica) =>
      [
        receipt.job, task.index, replica.replica, replica.node, replica.owner, replica.pool, replica.standing,
        cell(replica.region), replica.carbonGramsPerKwh, receipt.dataClass ?? "", cell(labels["data-class"] ?? ""),
        cell(labels.licence ?? ""), receipt.governanceEpoch, receipt.ruleHash,
      ].join(","),
    ),
  );
}

const PAYEES = ["platform", "model", "stakers", "data"];

/** What each gets of every price; what is absent is nothing. */
const basisPoints = (split) => PAYEES.map((payee) => split?.[`${payee}BasisPoints`] ?? 0);

const share = (amount, points) => (amount * BigInt(points)) / 10_000n;

/** What does not add up. */
function* amounts(receipt) {
  const prices = receipt.tasks.flatMap((task) => task.replicas.map((replica) => BigInt(replica.paidNanoOpen)));
  const charged = prices.reduce((sum, price) => sum + price, 0n);
  if (charged !== BigInt(receipt.chargedNanoOpen)) yield "its prices are not what was charged";
  const parts = receipt.division;
  if (!parts && receipt.version >= 3 && charged > 0n) yield "it does not say who gets what was charged";
  if (!parts) return;
  const points = basisPoints(parts.split);
  const left = 10_000 - points.reduce((sum, each) => sum + each, 0);
  const due = PAYEES.map((_, i) => share(charged, points[i]));
  const nodes = prices.reduce((sum, price) => sum + share(price, left), 0n);
  const carried = due.reduce((rest, part) => rest - part, charged - nodes);
  const expected = [nodes, ...due, carried, BigInt(parts.heldNanoOpen) - charged];
  const names = ["nodes", ...PAYEES, "carried", "refunded"];
  if (!names.every((name, i) => BigInt(parts[`${name}NanoOpen`]) === expected[i])) yield "it divides otherwise than its split gives";
}

/** All that is wrong with an unpacked bundle, a sentence each. */
export function faults(folder, key, digest) {
  const wrong = [];
  const bytes = (name) => readFileSync(join(folder, name));
  const json = (name) => JSON.parse(bytes(name));
  const sums = bytes("SHA256SUMS");
  if (digest && said(digest) !== hex(sha(sums))) wrong.push("SHA256SUMS: not the one of the digest that was given");
  const named = sums.toString().trim().split("\n").map((line) => [line.slice(66), line.slice(0, 64)]);
  for (const [name, sum] of named) if (hex(sha(bytes(name))) !== sum) wrong.push(`${name}: changed since the bundle was made`);
  const there = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;
  if (there !== named.length + 1) wrong.push("SHA256SUMS: does not name each file");
  if (wrong.length) return wrong;
  const manifest = json("manifest.json");
  if (manifest.version !== 3) return ["manifest.json: of another version than this program knows, 3"];
  if (bytes("keys/log.key").toString().trim() !== key.trim()) wrong.push("keys/log.key: not the key that was given");
  const absent = new Set(manifest.missing.map((line) => line.split(":")[0]));
  const left = (name) => absent.has(name) && !existsSync(join(folder, name));
  const rows = [];
  for (const job of manifest.jobs) {
    const fault = (text) => wrong.push(`receipts/${job}.json: ${text}`);
    const proof = json(`receipts/${job}.json`);
    const [receipt, leaf] = [proof.document, Buffer.from(proof.leaf, "hex")];
    if (!(receipt.version <= RECEIPT_VERSION)) {
      fault(`this receipt is newer than this program, which knows version ${RECEIPT_VERSION}`);
      continue;
    }
    if (hex(sha(canonical(receipt))) !== hex(leaf.subarray(-32))) fault("not the document of its leaf");
    const seen = checkpoint(proof.checkpoint, key);
    if (!seen) fault("no checkpoint that the key signed");
    else if (seen.size !== proof.size || hex(root(leaf, proof.index, proof.size, proof.inclusion) ?? "") !== seen.root) fault("not in the log");
    if (receipt.job !== job || receipt.tenant !== manifest.tenant) fault("of another job or account");
    const listed = json(`jobs/${job}.json`);
    const same = ["tenant", "spec", "chargedNanoOpen", "submittedAtMillis"].every((field) => listed[field] === receipt[field]);
    if (!same || listed.id !== job) wrong.push(`jobs/${job}.json: says something else than the receipt`);
    for (const text of amounts(receipt)) fault(text);
    const spec = `specs/${job}.json`;
    if (!left(spec) && hex(sha(canonical(json(spec)))) !== said(receipt.spec)) wrong.push(`${spec}: not the job that the receipt is of`);
    const rules = `governance/${said(receipt.ruleHash)}.json`;
    const governed = receipt.governanceEpoch > 0;
    if (!governed || !left(rules)) {
      const inForce = governed ? json(rules) : {};
      if (governed && hex(sha(canonical(inForce))) !== said(receipt.ruleHash)) wrong.push(`${rules}: not the rules of the receipt`);
      const divided = receipt.division && basisPoints(receipt.division.split);
      if (divided && `${divided}` !== `${basisPoints(inForce.feeSplit)}`) fault("divided otherwise than the rules say");
    }
    rows.push(...placements(receipt, listed.labels));
  }
  const [, ...listed] = bytes("placements.csv").toString().trimEnd().split("\n");
  if (listed.join("\n") !== rows.join("\n")) wrong.push("placements.csv: not what the receipts and jobs say");
  return wrong;
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [folder, key, digest] = process.argv.slice(2);
  if (!folder || !key) {
    console.error("usage: node evidence.mjs FOLDER LOG-KEY [DIGEST]");
    process.exit(2);
  }
  const wrong = faults(folder, readFileSync(key, "utf8"), digest);
  wrong.forEach((text) => console.log(`WRONG  ${text}`));
  if (!wrong.length) {
    const { jobs, missing } = JSON.parse(readFileSync(join(folder, "manifest.json")));
    missing.forEach((text) => console.log(`missing  ${text}`));
    console.log(`verified: ${jobs.length} receipts`);
  }
  process.exit(wrong.length ? 1 : 0);
}
