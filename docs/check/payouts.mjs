// Makes the root of a payout epoch again from what the network publishes, and compares it with the chain.
//
//   node payouts.mjs PAYOUTS RPC [ACCOUNT]
//
// PAYOUTS is a file or the URL http://MEMBER/log/payouts, RPC a node of the chain that you trust. With ACCOUNT it
// tells what the chain has paid it so far. An epoch that waits, and can still be challenged, is made again too. Shares no code with OpenLedger and needs nothing but Node.
import { readFileSync, realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";

// Keccak-256, as Ethereum uses it (FIPS 202 with the older padding).

const MASK = (1n << 64n) - 1n;
const rotate = (word, by) => ((word << BigInt(by)) | (word >> BigInt(64 - by))) & MASK;

function roundConstants() {
  let state = 1;
  return Array.from({ length: 24 }, () => {
    let constant = 0n;
    for (let j = 0; j < 7; j++) {
      if (state & 1) constant |= 1n << ((1n << BigInt(j)) - 1n);
      state = state & 0x80 ? (state << 1) ^ 0x171 : state << 1;
    }
    return constant;
  });
}
const ROUNDS = roundConstants();

function permute(lanes) {
  for (const constant of ROUNDS) {
    const parity = [0, 1, 2, 3, 4].map((x) => [0, 5, 10, 15, 20].reduce((sum, y) => sum ^ lanes[x + y], 0n));
    for (let i = 0; i < 25; i++) lanes[i] ^= parity[(i + 4) % 5] ^ rotate(parity[(i + 1) % 5], 1);
    let [x, y, moving] = [1, 0, lanes[1]];
    for (let t = 0; t < 24; t++) {
      [x, y] = [y, (2 * x + 3 * y) % 5];
      const at = x + 5 * y;
      [moving, lanes[at]] = [lanes[at], rotate(moving, (((t + 1) * (t + 2)) / 2) % 64)];
    }
    for (let row = 0; row < 25; row += 5) {
      const old = lanes.slice(row, row + 5);
      for (let i = 0; i < 5; i++) lanes[row + i] = old[i] ^ (~old[(i + 1) % 5] & MASK & old[(i + 2) % 5]);
    }
    lanes[0] ^= constant;
  }
}

export function keccak256(message) {
  const rate = 136;
  const padded = Buffer.alloc((Math.floor(message.length / rate) + 1) * rate);
  message.copy(padded);
  padded[message.length] ^= 0x01;
  padded[padded.length - 1] ^= 0x80;
  const lanes = new Array(25).fill(0n);
  for (let from = 0; from < padded.length; from += rate) {
    for (let i = 0; i < rate / 8; i++) lanes[i] ^= padded.readBigUInt64LE(from + 8 * i);
    permute(lanes);
  }
  const hash = Buffer.alloc(32);
  for (let i = 0; i < 4; i++) hash.writeBigUInt64LE(lanes[i], 8 * i);
  return hash;
}

// OpenZeppelin's StandardMerkleTree of (address, uint256): leaves hashed twice and sorted, pairs hashed in order.

const word = (value) => Buffer.from(BigInt(value).toString(16).padStart(64, "0"), "hex");
const leaf = ({ account, cumulativeWei }) =>
  keccak256(keccak256(Buffer.concat([word(account), word(cumulativeWei)])));

export function root(payouts) {
  const nodes = payouts.map(leaf).sort(Buffer.compare).reverse();
  const tree = [...new Array(nodes.length - 1), ...nodes];
  for (let i = nodes.length - 2; i >= 0; i--) {
    tree[i] = keccak256(Buffer.concat([tree[2 * i + 1], tree[2 * i + 2]].sort(Buffer.compare)));
  }
  return `0x${tree[0].toString("hex")}`;
}

// The chain.

const topic = (event) => `0x${keccak256(Buffer.from(event)).toString("hex")}`;
const selector = (call) => topic(call).slice(0, 10);

async function rpc(url, method, params) {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  const answer = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
  const { result, error } = await answer.json();
  if (error) throw new Error(`${method}: ${error.message}`);
  return result;
}

/** What the chain says of an epoch: its root and its sum; nothing if it was never published. */
async function published(node, address, epoch) {
  const topics = [topic("EpochPublished(uint64,bytes32,uint256)"), `0x${word(epoch).toString("hex")}`];
  const events = await rpc(node, "eth_getLogs", [{ address, fromBlock: "0x0", toBlock: "latest", topics }]);
  const data = events.at(-1)?.data;
  return data && { root: data.slice(0, 66), total: BigInt(`0x${data.slice(66, 130)}`) };
}

/** Whether these accounts make the root and the sum that the chain has. */
function same(name, payouts, chain) {
  const sum = payouts.reduce((all, { cumulativeWei }) => all + BigInt(cumulativeWei), 0n);
  const here = root(payouts);
  console.log(`${name}, ${payouts.length} accounts\nroot here     ${here}\nroot on chain ${chain.root}`);
  console.log(`sum here      ${sum}\nsum on chain  ${chain.total}`);
  return here === chain.root && sum === chain.total;
}

/** Compares an epoch that can be challenged with what the contract keeps now. */
async function checkWaiting(node, distributor, { epoch, root: told, payouts }) {
  const ask = (call) => rpc(node, "eth_call", [{ to: distributor, data: selector(call) }, "latest"]);
  if (root(payouts) !== told) return fail(`the root that is told of epoch ${epoch} and its accounts are NOT the same`);
  if (BigInt(await ask("epoch()")) !== BigInt(epoch)) {
    return console.log(`epoch ${epoch} waits: on its way to the chain, rejected, or followed by another since`);
  }
  const chain = { root: await ask("root()"), total: BigInt(await ask("total()")) };
  if (!same(`epoch ${epoch} waits`, payouts, chain)) return fail("they are NOT the same: tell the judge, who can reject it");
  console.log(`it pays from second ${BigInt(await ask("paysAt()"))} on, unless it is rejected`);
}

async function main([source, node, account]) {
  const text = /^https?:/.test(source) ? await (await fetch(source)).text() : readFileSync(source, "utf8");
  const { epoch, distributor, payouts, waiting } = JSON.parse(text);
  if (waiting) await checkWaiting(node, distributor, waiting);
  if (!epoch) return waiting ? undefined : fail("no payout epoch is final yet");
  const chain = await published(node, distributor, epoch);
  if (!chain) return fail(`the chain has no root of epoch ${epoch}`);
  if (!same(`epoch ${epoch}`, payouts, chain)) return fail("they are NOT the same");
  if (account) {
    const given = payouts.find((payout) => payout.account === account.toLowerCase())?.cumulativeWei ?? "0";
    const data = selector("claimed(address)") + word(account).toString("hex");
    const paid = await rpc(node, "eth_call", [{ to: distributor, data }, "latest"]);
    console.log(`${account}: earned ${given}, paid out ${BigInt(paid)}`);
  }
  if (!process.exitCode) console.log("they are the same");
}

function fail(reason) {
  console.error(reason);
  process.exitCode = 1;
}

// Run, and not imported; also by another name of this file.
const run = process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url);
if (run) await main(process.argv.slice(2));
