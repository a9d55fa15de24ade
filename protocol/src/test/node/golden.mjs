// Re-computes the golden vectors of a folder with none of the project's code: hashes from node:crypto, the rest here.
//
//   node golden.mjs FOLDER      exit 0 and "N vectors hold", or exit 1 and a line for each that does not
import { createHash, createPrivateKey, createPublicKey, sign } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest();
const named = (bytes) => `sha256:${bytes.toString("hex")}`;
const bytesOf = (digest) => Buffer.from(digest.replace(/^sha256:/, ""), "hex");
const utf8 = (text) => Buffer.from(text, "utf8");

// Hashes of a named kind of thing.

const int32 = (value) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const int64 = (value) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
};
const sized = (bytes) => Buffer.concat([int32(bytes.length), bytes]);
const text = (value) => sized(utf8(value));
const texts = (values) => Buffer.concat([int32(values.length), ...values.map(text)]);
const domain = (kind, ...fields) => sha256(utf8(`openledger/${kind}/v1\n`), ...fields);

// RFC 4648 base32, lower case, no padding.

const LETTERS = "abcdefghijklmnopqrstuvwxyz234567";
function base32(bytes) {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return bits.match(/.{1,5}/g).map((five) => LETTERS[parseInt(five.padEnd(5, "0"), 2)]).join("");
}
function unbase32(letters, length) {
  const bits = [...letters].map((letter) => LETTERS.indexOf(letter).toString(2).padStart(5, "0")).join("");
  return Buffer.from(bits.match(/.{8}/g).slice(0, length).map((byte) => parseInt(byte, 2)));
}
const id = (kind, digest) => `${kind}-${base32(digest.subarray(0, 16))}`;
const idBytes = (id) => unbase32(id.slice(id.indexOf("-") + 1), 16);

// RFC 8785. JavaScript writes texts and numbers as it asks, and sorts by UTF-16 code units.

function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const fields = Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`);
  return `{${fields.join(",")}}`;
}
function documentOf(given) {
  const document = canonical(JSON.parse(given.document));
  return { canonical: document, digest: named(sha256(utf8(document))) };
}

// RFC 9162: as defined there, by splitting at the largest power of two below the size.

const leafHash = (leaf) => sha256(Buffer.of(0), leaf);
const nodeHash = (left, right) => sha256(Buffer.of(1), left, right);
function split(size) {
  let k = 1;
  while (2 * k < size) k *= 2;
  return k;
}
function root(leaves) {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return leaves[0];
  const k = split(leaves.length);
  return nodeHash(root(leaves.slice(0, k)), root(leaves.slice(k)));
}
function inclusion(index, leaves) {
  if (leaves.length === 1) return [];
  const k = split(leaves.length);
  return index < k
    ? [...inclusion(index, leaves.slice(0, k)), root(leaves.slice(k))]
    : [...inclusion(index - k, leaves.slice(k)), root(leaves.slice(0, k))];
}
function consistency(size, leaves, whole = true) {
  if (size === leaves.length) return whole ? [] : [root(leaves)];
  const k = split(leaves.length);
  return size <= k
    ? [...consistency(size, leaves.slice(0, k), whole), root(leaves.slice(k))]
    : [...consistency(size - k, leaves.slice(k), false), root(leaves.slice(0, k))];
}

// Words of abi.encode.

const uint = (value) => Buffer.from(BigInt(value).toString(16).padStart(64, "0"), "hex");
const left = (bytes) => Buffer.concat([bytes, Buffer.alloc(32 - bytes.length)]);
const address = (hex) => Buffer.concat([Buffer.alloc(12), Buffer.from(hex.slice(2), "hex")]);

// Keccak-256 (FIPS 202's permutation, with the padding that Ethereum kept).

const MASK = (1n << 64n) - 1n;
const rotate = (lane, by) => (by === 0n ? lane : ((lane << by) | (lane >> (64n - by))) & MASK);
const ROUNDS = [];
for (let round = 0, register = 1; round < 24; round++) {
  let constant = 0n;
  for (let j = 0; j < 7; j++) {
    if (register & 1) constant |= 1n << ((1n << BigInt(j)) - 1n);
    register = register & 0x80 ? ((register << 1) ^ 0x171) & 0xff : register << 1;
  }
  ROUNDS.push(constant);
}
function permute(state) {
  for (const constant of ROUNDS) {
    const parity = [0, 1, 2, 3, 4].map((x) => state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20]);
    for (let i = 0; i < 25; i++) state[i] ^= parity[(i + 4) % 5] ^ rotate(parity[(i + 1) % 5], 1n);
    let [x, y] = [1, 0];
    let lane = state[1];
    for (let t = 0; t < 24; t++) {
      [x, y] = [y, (2 * x + 3 * y) % 5];
      const next = state[x + 5 * y];
      state[x + 5 * y] = rotate(lane, BigInt((((t + 1) * (t + 2)) / 2) % 64));
      lane = next;
    }
    for (let row = 0; row < 25; row += 5) {
      const five = state.slice(row, row + 5);
      for (let i = 0; i < 5; i++) state[row + i] = five[i] ^ (~five[(i + 1) % 5] & MASK & five[(i + 2) % 5]);
    }
    state[0] ^= constant;
  }
}
function keccak(...parts) {
  const RATE = 136;
  const message = Buffer.concat(parts);
  const padded = Buffer.alloc((Math.floor(message.length / RATE) + 1) * RATE);
  message.copy(padded);
  padded[message.length] ^= 0x01;
  padded[padded.length - 1] ^= 0x80;
  const state = Array(25).fill(0n);
  for (let block = 0; block < padded.length; block += RATE) {
    for (let i = 0; i < RATE / 8; i++) state[i] ^= padded.readBigUInt64LE(block + 8 * i);
    permute(state);
  }
  const hash = Buffer.alloc(32);
  for (let i = 0; i < 4; i++) hash.writeBigUInt64LE(state[i], 8 * i);
  return hash;
}

// secp256k1: enough of it to find who signed (SEC 1, 4.1.6). Slow, and only ever fed public values.

const P = 2n ** 256n - 2n ** 32n - 977n;
const N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const G = [
  0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798n,
  0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8n,
];
const mod = (a, m) => ((a % m) + m) % m;
function power(base, exponent, m) {
  let result = 1n;
  for (let b = mod(base, m), e = exponent; e > 0n; e >>= 1n, b = (b * b) % m) if (e & 1n) result = (result * b) % m;
  return result;
}
function inverse(a, m) {
  let [r, next, t, step] = [m, mod(a, m), 0n, 1n];
  while (next > 0n) {
    const times = r / next;
    [r, next, t, step] = [next, r - times * next, step, t - times * step];
  }
  return mod(t, m);
}
function add(p, q) {
  if (!p || !q) return p ?? q;
  if (p[0] === q[0] && mod(p[1] + q[1], P) === 0n) return null;
  const slope =
    p[0] === q[0] ? 3n * p[0] * p[0] * inverse(2n * p[1], P) : (q[1] - p[1]) * inverse(mod(q[0] - p[0], P), P);
  const x = mod(slope * slope - p[0] - q[0], P);
  return [x, mod(slope * (p[0] - x) - p[1], P)];
}
function multiply(point, scalar) {
  let result = null;
  for (let p = point, s = scalar; s > 0n; s >>= 1n, p = add(p, p)) if (s & 1n) result = add(result, p);
  return result;
}
const word = (number) => Buffer.from(number.toString(16).padStart(64, "0"), "hex");
const addressOf = (point) => `0x${keccak(word(point[0]), word(point[1])).subarray(12).toString("hex")}`;
const number = (bytes) => BigInt(`0x${bytes.toString("hex")}`);
function signer(hash, signature) {
  const [r, s, v] = [number(signature.subarray(0, 32)), number(signature.subarray(32, 64)), signature[64]];
  if (signature.length !== 65 || s > N / 2n || (v !== 27 && v !== 28)) return "malformed";
  const y = power(r ** 3n + 7n, (P + 1n) / 4n, P);
  const shared = [r, (y & 1n) === BigInt(v - 27) ? y : P - y];
  const inverted = inverse(r, N);
  const point = add(multiply(G, mod(-number(hash) * inverted, N)), multiply(shared, mod(s * inverted, N)));
  return addressOf(point);
}

// Ed25519 (RFC 8032): its signatures have no chance in them, so they are made again.

function ed25519(seed) {
  const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]);
  const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  const publicKey = createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-32);
  return { publicKey, sign: (message) => sign(null, message, key) };
}

// CBOR (RFC 8949): as much as events use, read to its diagnostic notation and written again in its shortest form.

function decodeCbor(bytes) {
  let at = 0;
  const take = (length) => {
    if (at + length > bytes.length) throw new Error("ends early");
    return bytes.subarray(at, (at += length));
  };
  const argument = (low) => {
    if (low < 24) return BigInt(low);
    if (low > 27) throw new Error(`unexpected length ${low}`);
    return BigInt(`0x${take(1 << (low - 24)).toString("hex")}`);
  };
  const item = () => {
    const first = take(1)[0];
    const [major, low] = [first >> 5, first & 31];
    if (major === 7) {
      if (low === 20 || low === 21) return { major, value: low === 21 };
      if (low === 27) return { major, value: take(8).readDoubleBE() };
      throw new Error(`unexpected simple value ${low}`);
    }
    const value = argument(low);
    if (major < 2) return { major, value };
    if (major < 4) return { major, value: take(Number(value)) };
    if (major === 4) return { major, value: Array.from({ length: Number(value) }, item) };
    if (major === 5) return { major, value: Array.from({ length: Number(value) }, () => [item(), item()]) };
    throw new Error(`unexpected tag ${value}`);
  };
  const decoded = item();
  if (at !== bytes.length) throw new Error(`${bytes.length - at} bytes too many`);
  return decoded;
}
function diagnostic({ major, value }) {
  switch (major) {
    case 1: return String(-1n - value);
    case 2: return `h'${value.toString("hex")}'`;
    case 3: return JSON.stringify(value.toString("utf8"));
    case 4: return `[${value.map(diagnostic).join(", ")}]`;
    case 5: return `{${value.map(([key, of]) => `${diagnostic(key)}: ${diagnostic(of)}`).join(", ")}}`;
    default: return String(value);
  }
}
function encodeCbor({ major, value }) {
  if (major === 7) {
    if (typeof value === "boolean") return Buffer.of(value ? 0xf5 : 0xf4);
    const double = Buffer.alloc(9);
    double[0] = 0xfb;
    double.writeDoubleBE(value, 1);
    return double;
  }
  const head = (argument) => {
    if (argument < 24n) return Buffer.of((major << 5) | Number(argument));
    const power = [8n, 16n, 32n, 64n].findIndex((bits) => argument < 1n << bits);
    const digits = argument.toString(16).padStart(2 << power, "0");
    return Buffer.concat([Buffer.of((major << 5) | (24 + power)), Buffer.from(digits, "hex")]);
  };
  if (major < 2) return head(value);
  const content = major < 4 ? [value] : value.flat().map(encodeCbor);
  return Buffer.concat([head(BigInt(value.length)), ...content]);
}

// The formats.

// Numbered as in the node protocol, from 1.
const STATUSES = [undefined, "finished", "trapped", "fuel-exhausted", "output-exceeded"];
const KINDS = ["result", "verification", "attribution", "correction"];
const ZEROS = `sha256:${"0".repeat(64)}`;

const outcomeDigest = (outcome) =>
  domain(
    "outcome",
    int32(STATUSES.indexOf(outcome.status)),
    int32(outcome.exitCode),
    int64(outcome.fuelUsed),
    int64(outcome.outputBytes),
    bytesOf(outcome.outputDigest),
  );
const statementLeaf = ({ replica, task, outcome, fence }) =>
  Buffer.concat([domain("replica", text(replica)), bytesOf(task), bytesOf(outcome), uint(fence)]);

function receipt(given) {
  const gives = documentOf(given);
  const document = JSON.parse(given.document);
  const replicas = document.tasks.flatMap((task) => task.replicas.map((replica) => ({ ...replica, task: task.task })));
  const nodes = replicas.filter((replica) => replica.standing === "accepted").map((replica) => replica.node);
  const outcomes = document.tasks.map((task) => (task.outcome ? outcomeDigest(task.outcome) : bytesOf(ZEROS)));
  const statements = replicas
    .filter((replica) => replica.outcome && replica.statement)
    .filter((replica) => document.version < 2 || replica.standing === "accepted")
    .map((replica) => leafHash(statementLeaf({ ...replica, outcome: named(outcomeDigest(replica.outcome)) })));
  const nodeSet = domain("node-set", texts([...new Set(nodes)].sort()));
  const result = domain("result", ...outcomes);
  const evidence = root(statements);
  const leaf = Buffer.concat([
    uint(document.version),
    uint(KINDS.indexOf(document.kind)),
    left(idBytes(document.job)),
    uint(document.revision),
    nodeSet,
    result,
    evidence,
    bytesOf(document.ruleHash),
    bytesOf(gives.digest),
  ]);
  return {
    ...gives,
    key: `${document.job}/${document.kind}/${document.revision}`,
    nodeSet: named(nodeSet),
    result: named(result),
    evidence: named(evidence),
    leaf: leaf.toString("hex"),
    leafHash: named(leafHash(leaf)),
  };
}

function batch(given, gives) {
  const separator = keccak(
    keccak(utf8("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)")),
    keccak(utf8("OpenLedger")),
    keccak(utf8("1")),
    uint(given.chainId),
    address(given.registry),
  );
  const batchRoot = root(given.leafHashes.map(bytesOf));
  const struct = keccak(
    keccak(utf8("ResultBatch(bytes32 nodeId,bytes32 root,uint32 count)")),
    left(idBytes(given.node)),
    batchRoot,
    uint(given.leafHashes.length),
  );
  const hash = keccak(Buffer.of(0x19, 0x01), separator, struct);
  const key = addressOf(multiply(G, BigInt(`0x${given.secret}`)));
  const signedBy = signer(hash, Buffer.from(gives.signature, "hex"));
  return {
    root: named(batchRoot),
    hash: hash.toString("hex"),
    signer: key,
    // Nobody but the key makes its signatures: they are judged, not made again.
    signature: signedBy === key ? gives.signature : `signed by ${signedBy}`,
  };
}

/** What was signed by a secret for an escrow: EIP-712. */
function forEscrow({ chainId, escrow, secret }, { signature }, struct) {
  const separator = keccak(
    keccak(utf8("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)")),
    keccak(utf8("OpenLedger")),
    keccak(utf8("1")),
    uint(chainId),
    address(escrow),
  );
  const hash = keccak(Buffer.of(0x19, 0x01), separator, keccak(struct));
  const key = addressOf(multiply(G, BigInt(`0x${secret}`)));
  const signedBy = signer(hash, Buffer.from(signature, "hex"));
  return { hash: hash.toString("hex"), signer: key, signature: signedBy === key ? signature : `signed by ${signedBy}` };
}

/** Each part is rounded down; what is left of what was charged is carried. */
function division({ split, heldNanoOpen, prices }) {
  const part = (price, basisPoints) => (BigInt(price) * BigInt(basisPoints)) / 10_000n;
  const sum = (amounts) => amounts.reduce((all, each) => all + BigInt(each), 0n);
  const fees = ["platform", "model", "stakers", "data"];
  const charged = sum(prices);
  const nodes = 10_000 - fees.reduce((all, fee) => all + split[`${fee}BasisPoints`], 0);
  const parts = { nodes: sum(prices.map((price) => part(price, nodes))) };
  for (const fee of fees) parts[fee] = part(charged, split[`${fee}BasisPoints`]);
  parts.carried = charged - sum(Object.values(parts));
  parts.refunded = BigInt(heldNanoOpen) - charged;
  const amounts = Object.entries(parts).map(([name, amount]) => [`${name}NanoOpen`, String(amount)]);
  return documentOf({ document: JSON.stringify({ split, heldNanoOpen, ...Object.fromEntries(amounts) }) });
}

const wei = (nanoOpen) => uint(BigInt(nanoOpen) * 1_000_000_000n);

function sessionKey(given, gives) {
  const type = "SessionKey(bytes32 account,address depositor,address key,uint96 cap,uint48 expiresAt)";
  const fields = [bytesOf(given.account), address(given.depositor), address(given.key), wei(given.capNanoOpen)];
  return forEscrow(given, gives, Buffer.concat([keccak(utf8(type)), ...fields, uint(given.expiresAtSeconds)]));
}

function voucher(given, gives) {
  const key = addressOf(multiply(G, BigInt(`0x${given.secret}`)));
  const type = keccak(utf8("Voucher(address key,bytes16 pool,uint256 cumulative)"));
  const struct = Buffer.concat([type, address(key), left(idBytes(given.pool)), wei(given.cumulativeNanoOpen)]);
  // ERC-2098: the parity of the point in the highest bit of s.
  const compact = Buffer.from(gives.signature, "hex");
  if (compact[64] === 28) compact[32] |= 0x80;
  return { ...forEscrow(given, gives, struct), compact: compact.subarray(0, 64).toString("hex") };
}

/** C2SP signed notes: a checkpoint, its text, the key that a reader pins, and the note. */
function checkpoint({ origin, size, root, secret }) {
  const key = ed25519(Buffer.from(secret, "hex"));
  const typed = Buffer.concat([Buffer.of(1), key.publicKey]);
  const hash = sha256(utf8(`${origin}\n`), typed).subarray(0, 4);
  const signed = `${origin}\n${size}\n${bytesOf(root).toString("base64")}\n`;
  const signature = Buffer.concat([hash, key.sign(utf8(signed))]).toString("base64");
  return {
    text: signed,
    key: `${origin}+${hash.toString("hex")}+${typed.toString("base64")}`,
    note: `${signed}\n\u2014 ${origin} ${signature}\n`,
  };
}

/** An event's bytes, which stand in a file of their own beside the vectors. */
function event({ event }) {
  const bytes = readFileSync(join(folder, "events", `${event}.cbor`));
  try {
    const item = decodeCbor(bytes);
    return { says: diagnostic(item), digest: named(sha256(encodeCbor(item))) };
  } catch (malformed) {
    return { says: malformed.message, digest: named(sha256(bytes)) };
  }
}

const FORMATS = {
  "job-id": ({ tenant, idempotencyKey }) => {
    const job = id("job", domain("job-id", text(tenant), text(idempotencyKey)));
    return { job, bytes: idBytes(job).toString("hex") };
  },
  "node-id": ({ transportKey }) => ({ node: id("node", domain("node-id", sized(Buffer.from(transportKey, "hex")))) }),
  "pool-id": ({ operator, name }) => ({ pool: id("pool", domain("pool-id", text(operator), text(name))) }),
  task: (task) => ({
    identity: named(
      domain(
        "task",
        bytesOf(task.code),
        texts(task.arguments),
        bytesOf(task.input),
        int64(task.fuelMax),
        int64(task.memoryMaxBytes),
        int64(task.outputMaxBytes),
      ),
    ),
  }),
  outcome: ({ outcome }) => ({ digest: named(outcomeDigest(outcome)) }),
  commitment: ({ replica, node, outcome, salt }) => ({
    commitment: named(
      domain("commitment", text(replica), text(node), bytesOf(outcome), sized(Buffer.from(salt, "hex"))),
    ),
  }),
  statement: (statement) => {
    const leaf = statementLeaf(statement);
    return { leaf: leaf.toString("hex"), leafHash: named(leafHash(leaf)) };
  },
  batch,
  "session-key": sessionKey,
  voucher,
  checkpoint,
  event,
  policy: documentOf,
  governance: documentOf,
  "job-spec": documentOf,
  receipt,
  division,
  merkle: ({ leaves }) => {
    const hashes = leaves.map((leaf) => leafHash(Buffer.from(leaf, "hex")));
    return {
      root: named(root(hashes)),
      inclusion: hashes.map((_, index) => inclusion(index, hashes).map(named)),
      consistency: hashes.map((_, index) => consistency(index + 1, hashes).map(named)),
    };
  },
  price: ({ fuel, priceNanoOpenPerGigafuel }) => ({
    nanoOpen: String((BigInt(fuel) * BigInt(priceNanoOpenPerGigafuel) + 999_999_999n) / 1_000_000_000n),
  }),
};

const folder = process.argv[2];
let holding = 0;
let failing = 0;
for (const file of readdirSync(folder).filter((name) => name.endsWith(".json")).sort()) {
  const format = FORMATS[file.replace(/\.json$/, "")];
  const vectors = JSON.parse(readFileSync(join(folder, file), "utf8"));
  vectors.forEach(({ given, gives }, index) => {
    const computed = format ? canonical(format(given, gives)) : "unknown format";
    if (computed === canonical(gives)) {
      holding++;
    } else {
      failing++;
      console.log(`${file}[${index}] says\n  ${canonical(gives)}\nbut it is\n  ${computed}`);
    }
  });
}
if (failing === 0) console.log(`${holding} vectors hold`);
process.exitCode = failing === 0 ? 0 : 1;
