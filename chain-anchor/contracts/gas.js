// Measures what the committed artifacts cost on a chain, deployed and wired as README.md says.
//
//   node contracts/gas.js write   measures and writes the table into README.md
//   node contracts/gas.js check   measures and fails if the table differs, or if a limit is passed: every test runs this
import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { keccak256 } from "ethereum-cryptography/keccak.js";
import { secp256k1 } from "ethereum-cryptography/secp256k1.js";
import { encoded, onChain, selector } from "./chain.js";
import { fail, root } from "./sources.js";
import { consistencyPath, inclusionPath, treeHash } from "./vectors.js";

const page = join(root, "contracts/README.md");
const [begin, end] = ["<!-- gas: written by gas.js -->\n", "<!-- /gas -->\n"];
const limits = { "anchor a checkpoint": 36_000, "check inclusion among 2^20 leaves": 53_000,
  "settle a voucher, in a batch of 20": 24_000 };

const OPEN = 10n ** 18n;
const OPERATOR = 1;
const SLASHER = 2;
const GOVERNANCE = 3;

const node = "0x" + "a1".repeat(16);
const pool = "0x" + "b2".repeat(16);
const bytes32 = (text) => "0x" + createHash("sha256").update(text).digest("hex");

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (process.argv[2] === "write") await writeGas();
  else if (process.argv[2] === "check") await checkGas();
  else fail("Usage: node contracts/gas.js write|check");
}

export async function writeGas() {
  const figures = await onChain(measure);
  writeFileSync(page, withTable(figures));
  console.log(table(figures));
}

export async function checkGas() {
  const figures = await onChain(measure);
  for (const [operation, limit] of Object.entries(limits)) {
    if (!(figures.get(operation) <= limit)) fail(`To ${operation} costs ${figures.get(operation)} gas, over ${limit}.`);
  }
  if (withTable(figures) !== readFileSync(page, "utf8")) {
    fail(`The gas table of contracts/README.md is out of date. Run: npm --prefix chain-anchor run gas.\n${table(figures)}`);
  }
  console.log(`Gas as in contracts/README.md: ${figures.get("anchor a checkpoint")} for a checkpoint.`);
}

function withTable(figures) {
  const [before, rest] = readFileSync(page, "utf8").split(begin);
  return before + begin + table(figures) + end + rest.split(end)[1];
}

function table(figures) {
  const rows = [...figures].map(([operation, gas]) => `| ${operation} | ${gas.toLocaleString("en")} |\n`);
  return `| operation | gas |\n|---|---:|\n${rows.join("")}`;
}

/** @returns operation → gas used by its transaction, the 21,000 of every transaction included. */
async function measure(chain) {
  const [admin, anchorer, operator, slasher, owner, sponsor, requester, stranger] = await chain.accounts();
  const figures = new Map();
  const noted = (operation, receipt, status = "0x1") => {
    if (receipt.status !== status) fail(`gas.js: to ${operation} ended with status ${receipt.status}.`);
    if (operation) figures.set(operation, Number(receipt.gasUsed));
    return receipt;
  };
  const call = async (operation, from, to, signature, ...values) =>
    noted(operation, await chain.call(from, to, signature, ...values));
  const deploy = async (contract, ...values) =>
    noted(`deploy ${contract}`, await chain.deploy(admin, contract, ...values)).contractAddress;

  const manager = await deploy("AccessManager", admin);
  const open = await deploy("OpenToken", admin);
  const registry = await deploy("NodeRegistry", manager, open, 100n * OPEN, 60);
  const log = await deploy("AnchorLog", manager, anchorer, "openledger.example/log");
  const escrow = await deploy("Escrow", manager, open);
  const distributor = await deploy("RewardDistributor", manager, open);
  const votes = await deploy("GovOpen", open);
  const timelock = await deploy("TimelockController", 2, [], [`0x${"0".repeat(40)}`], admin);
  const governor = await deploy("OpenLedgerGovernor", votes, timelock, 1, 60, 100n * OPEN, 25);
  const board = await deploy("PolicyBoard", manager, 0);
  const pools = await deploy("PoolRegistry", manager, open, admin, 100n * OPEN, 60);
  const court = await deploy("DisputeCourt", manager, registry, log, admin, [10n * OPEN, 50, 20, 1]);

  const allow = async (target, role, signatures) =>
    call(null, admin, manager, "setTargetFunctionRole(address,bytes4[],uint64)", target,
      signatures.map((signature) => "0x" + selector(signature)), role);
  await allow(escrow, OPERATOR, ["withdraw(bytes32,address,uint256,bytes32)", "fund(address,uint256,bytes32)"]);
  await allow(distributor, OPERATOR, ["publish(uint64,uint64,bytes32,uint256)"]);
  await allow(registry, SLASHER, ["slash(bytes16,uint96,address,bytes32)"]);
  await call(null, admin, manager, "grantRole(uint64,address,uint32)", OPERATOR, operator, 0);
  await call(null, admin, manager, "grantRole(uint64,address,uint32)", SLASHER, slasher, 0);
  await call(null, admin, escrow, "setDistributor(address,bool)", distributor, true);

  // The log. Proofs among 2^20 leaves climb twenty levels; their neighbours may be any hashes.
  const anchor = (operation, from, to, rootHash) =>
    call(operation, anchorer, log, "anchor(uint64,uint64,bytes32)", from, to, rootHash);
  await anchor("anchor the first checkpoint", 0, 1_000, bytes32("first"));
  await anchor(null, 1_000, 11_000, bytes32("second"));
  await anchor("anchor a checkpoint", 11_000, 21_000, bytes32("third"));
  const stale = await chain.call(anchorer, log, "anchor(uint64,uint64,bytes32)", 11_000, 21_000, bytes32("third"));
  noted("send a checkpoint again, in vain", stale, "0x0");

  const size = 2 ** 20;
  const leaf = "0x" + "00".repeat(31) + "01" + "00".repeat(8 * 32);
  const neighbours = Array.from({ length: 20 }, (_, level) => bytes32(`neighbour ${level}`));
  const leafHash = sha256("00", leaf);
  await anchor(null, 21_000, size, neighbours.reduce((hash, neighbour) => sha256("01", hash, neighbour), leafHash));
  await call("check inclusion among 2^20 leaves", stranger, log, "verifyInclusion(bytes32,uint64,uint64,bytes32[])",
    leafHash, 0, size, neighbours);
  await call("check and decode a leaf among 2^20", stranger, log, "verifyLeaf(bytes,uint64,uint64,bytes32[])",
    leaf, 0, size, neighbours);

  await govern(chain, { admin, manager, open, votes, timelock, governor, board, call });
  await call(null, admin, open, "approve(address,uint256)", pools, 2n ** 256n - 1n);
  await call("open a pool", admin, pools, "open(bytes16,address,bytes32,bytes32,bytes32,bytes32,uint96)",
    pool, stranger, bytes32("log key"), bytes32("origin"), bytes32("terms"), bytes32("witnesses"), 100n * OPEN);
  await call(null, admin, manager, "grantRole(uint64,address,uint32)", SLASHER, court, 0);

  // Stakes.
  for (const account of [owner, sponsor, requester]) {
    await call("transfer OPEN to a new holder", admin, open, "transfer(address,uint256)", account, 10_000n * OPEN);
  }
  for (const spender of [registry, escrow]) {
    for (const account of [owner, sponsor, requester]) {
      await call("approve", account, open, "approve(address,uint256)", spender, 2n ** 256n - 1n);
    }
  }
  await call("register a node (the registry's first)", owner, registry, "register(bytes16,address,bytes32,bytes16,uint96)",
    node, stranger, bytes32("capabilities"), pool, 100n * OPEN);
  await call("register a node for its owner", sponsor, registry,
    "registerFor(address,bytes16,address,bytes32,bytes16,uint96)",
    owner, "0x" + "a2".repeat(16), stranger, bytes32("capabilities"), pool, 100n * OPEN);
  await call("register a node", owner, registry, "register(bytes16,address,bytes32,bytes16,uint96)",
    "0x" + "a3".repeat(16), stranger, bytes32("capabilities"), pool, 100n * OPEN);
  await call("slash a stake", slasher, registry, "slash(bytes16,uint96,address,bytes32)", node, OPEN, stranger, bytes32("fault"));
  await call("begin an exit", owner, registry, "beginExit(bytes16)", node);
  await chain.rpc("evm_increaseTime", 61);
  await call("withdraw a stake", stranger, registry, "withdraw(bytes16)", node);

  // Accounts.
  const account = bytes32("a tenant");
  for (const operation of ["deposit the first time", "deposit again"]) {
    await call(operation, requester, escrow, "deposit(bytes32,uint256)", account, 100n * OPEN);
  }
  await call("return a deposit", operator, escrow, "withdraw(bytes32,address,uint256,bytes32)",
    account, requester, OPEN, bytes32("payment 1"));

  await vouchers(chain, { requester, stranger, escrow, account, call, figures });

  await coins(chain, { requester, operator, manager, account, call, deploy, allow, noted });

  // Rewards: 100 accounts (a proof of 7 hashes), then 10,000 (14).
  let total = 0n;
  let epoch = 0;
  for (const accounts of [100, 10_000]) {
    for (const time of ["first", "later"]) {
      const earnings = Array.from({ length: accounts }, (_, i) =>
        [`0x${String(accounts + i).padStart(40, "c")}`, time === "first" ? 10n ** 15n : 2n * 10n ** 15n]);
      total += BigInt(accounts) * 10n ** 15n;
      await call(epoch === 0 ? null : "fund the distributor", operator, escrow, "fund(address,uint256,bytes32)",
        distributor, BigInt(accounts) * 10n ** 15n, bytes32(`funding ${epoch}`));
      const tree = StandardMerkleTree.of(earnings, ["address", "uint256"]);
      await call(epoch === 0 ? null : "publish an epoch", operator, distributor, "publish(uint64,uint64,bytes32,uint256)",
        epoch, ++epoch, tree.root, total);
      await call(`claim among ${accounts.toLocaleString("en")}, ${time}`, stranger, distributor,
        "claim(address,uint256,bytes32[])", ...earnings[7], tree.getProof(7));
    }
  }
  return figures;
}

/** The escrow of a chain whose own coin is OPEN. */
async function coins(chain, { requester, operator, manager, account, call, deploy, allow, noted }) {
  const wrapped = await deploy("WrappedOpen");
  const escrow = await deploy("CoinEscrow", manager, wrapped);
  await allow(escrow, OPERATOR, ["withdraw(bytes32,address,uint256,bytes32)"]);
  const data = "0x" + selector("depositCoin(bytes32)") + encoded(["bytes32"], [account]);
  for (const operation of ["deposit coin the first time", "deposit coin again"]) {
    noted(operation, await chain.send(requester, escrow, data, 100n * OPEN));
  }
  await call("return a deposit in coin", operator, escrow, "withdraw(bytes32,address,uint256,bytes32)",
    account, requester, OPEN, bytes32("payment in coin"));
}

/** Twenty requesters' keys pay one pool: the first time, and from then on. */
async function vouchers(chain, { requester, stranger, escrow, account, call, figures }) {
  const keys = Array.from({ length: 20 }, (_, i) => {
    const secret = Buffer.from(bytes32(`session key ${i}`).slice(2), "hex");
    return { secret, address: address(secp256k1.getPublicKey(secret, false)) };
  });
  const { timestamp } = await chain.rpc("eth_getBlockByNumber", "latest", false);
  for (const key of keys) {
    await call("authorise a session key", requester, escrow, "authorise(bytes32,address,uint96,uint48)",
      account, key.address, OPEN, Number(timestamp) + 7 * 86_400);
  }
  const settle = async (operation, bearers, cumulative) => {
    const signed = [];
    for (const key of bearers) {
      const digest = await chain.rpc("eth_call", { to: escrow, data: "0x" + selector("voucherDigest(address,bytes16,uint256)") +
        encoded(["address", "bytes16", "uint256"], [key.address, pool, cumulative]) }, "latest");
      const { r, s, recovery } = secp256k1.sign(digest.slice(2), key.secret, { lowS: true });
      const word = (number) => "0x" + number.toString(16).padStart(64, "0");
      signed.push([key.address, pool, cumulative, word(r), word(s | (BigInt(recovery) << 255n))]);
    }
    const types = ["(address,bytes16,uint256,bytes32,bytes32)[]"];
    const data = "0x" + selector(`settleMany(${types[0]})`) + encoded(types, [signed]);
    const receipt = await chain.send(stranger, escrow, data);
    if (receipt.status !== "0x1") fail(`gas.js: to ${operation} ended with status ${receipt.status}.`);
    figures.set(operation, Math.ceil(Number(receipt.gasUsed) / bearers.length));
  };
  await settle("settle a voucher, in a batch of 20, first", keys, 123_456_789n * 10n ** 9n);
  await settle("settle a voucher, in a batch of 20", keys, 234_567_891n * 10n ** 9n);
  await settle("settle a voucher alone", keys.slice(0, 1), 345_678_912n * 10n ** 9n);
}

function address(publicKey) {
  return "0x" + Buffer.from(keccak256(publicKey.subarray(1))).subarray(12).toString("hex");
}

/** One proposal, from the coins of one voter to rules on the board. */
async function govern(chain, { admin, manager, open, votes, timelock, governor, board, call }) {
  const role = (name) => "0x" + Buffer.from(keccak256(Buffer.from(name))).toString("hex");
  const rules = "0x" + Buffer.from(`{"banned":[${'"a-class-of-work",'.repeat(8)}"another"]}`).toString("hex");
  const publish = "0x" + selector("publish(uint64,bytes)") + encoded(["uint64", "bytes"], [0, rules]);
  await call(null, admin, timelock, "grantRole(bytes32,address)", role("PROPOSER_ROLE"), governor);
  await call(null, admin, manager, "grantRole(uint64,address,uint32)", GOVERNANCE, timelock, 0);
  await call(null, admin, manager, "setTargetFunctionRole(address,bytes4[],uint64)", board,
    ["0x" + selector("publish(uint64,bytes)")], GOVERNANCE);
  await call(null, admin, open, "approve(address,uint256)", votes, 2n ** 256n - 1n);
  await call("wrap OPEN into votes", admin, votes, "deposit(uint256)", 1_000n * OPEN);
  await call("delegate votes", admin, votes, "delegate(address)", admin);

  // Votes count from the second after they were delegated.
  await chain.rpc("evm_increaseTime", 2);
  const proposal = [[board], [0], [publish]];
  const types = "address[],uint256[],bytes[]";
  const why = role("a proposal");
  await call("propose", admin, governor, `propose(${types},string)`, ...proposal, "a proposal");
  const number = "0x" + Buffer.from(keccak256(Buffer.from(
    encoded(["address[]", "uint256[]", "bytes[]", "bytes32"], [...proposal, why]), "hex"))).toString("hex");
  await chain.rpc("evm_increaseTime", 2);
  await call("vote", admin, governor, "castVote(uint256,uint8)", BigInt(number), 1);
  await chain.rpc("evm_increaseTime", 61);
  await call("queue a decision", admin, governor, `queue(${types},bytes32)`, ...proposal, why);
  await chain.rpc("evm_increaseTime", 3);
  await call("execute a decision: publish rules", admin, governor, `execute(${types},bytes32)`, ...proposal, why);
}

function sha256(...hex) {
  return "0x" + createHash("sha256").update(Buffer.from(hex.map((part) => part.replace(/^0x/, "")).join(""), "hex")).digest("hex");
}
