// Vectors for the forge tests, from implementations that share no code with the contracts: the recursive
// definitions of RFC 9162 (the contracts fold iteratively), OpenZeppelin's own JavaScript tree, and an EIP-712
// digest and signature made with a JavaScript curve library.
//
// Each file under target/vectors is a row of 32-byte words, which Words.sol reads in order.
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { keccak256 } from "ethereum-cryptography/keccak.js";
import { secp256k1 } from "ethereum-cryptography/secp256k1.js";
import { root } from "./sources.js";

const LOG_SIZE_MAX = 40;

export function writeVectors() {
  const folder = join(root, "target/vectors");
  mkdirSync(folder, { recursive: true });
  for (const [name, words] of Object.entries({ log: logWords(), payouts: payoutWords(), batch: batchWords() })) {
    writeFileSync(join(folder, `${name}.words`), Buffer.concat(words));
  }
}

// -- RFC 9162 -----------------------------------------------------------------------------------------------------

const sha256 = (...parts) => createHash("sha256").update(Buffer.concat(parts)).digest();
const leafHash = (leaf) => sha256(Buffer.of(0), leaf);
const nodeHash = (left, right) => sha256(Buffer.of(1), left, right);

/** The largest power of two below `n`. */
function split(n) {
  let k = 1;
  while (2 * k < n) k *= 2;
  return k;
}

/** §2.1.1: MTH. */
export function treeHash(leaves) {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return leafHash(leaves[0]);
  const k = split(leaves.length);
  return nodeHash(treeHash(leaves.slice(0, k)), treeHash(leaves.slice(k)));
}

/** §2.1.3.1: PATH. */
export function inclusionPath(index, leaves) {
  if (leaves.length === 1) return [];
  const k = split(leaves.length);
  return index < k
    ? [...inclusionPath(index, leaves.slice(0, k)), treeHash(leaves.slice(k))]
    : [...inclusionPath(index - k, leaves.slice(k)), treeHash(leaves.slice(0, k))];
}

/** §2.1.4.1: PROOF. */
export function consistencyPath(fromSize, leaves) {
  return subproof(fromSize, leaves, true);
}

function subproof(fromSize, leaves, whole) {
  if (fromSize === leaves.length) return whole ? [] : [treeHash(leaves)];
  const k = split(leaves.length);
  return fromSize <= k
    ? [...subproof(fromSize, leaves.slice(0, k), whole), treeHash(leaves.slice(k))]
    : [...subproof(fromSize - k, leaves.slice(k), false), treeHash(leaves.slice(0, k))];
}

/**
 * For each size from 1: the root; each leaf's hash and inclusion path; and for each size below, its root and the
 * consistency path, also for the whole size itself.
 */
function logWords() {
  const words = [word(LOG_SIZE_MAX)];
  for (let size = 1; size <= LOG_SIZE_MAX; size++) {
    const leaves = Array.from({ length: size }, (_, index) => word(index));
    words.push(word(size), treeHash(leaves));
    for (let index = 0; index < size; index++) {
      words.push(leafHash(leaves[index]), ...path(inclusionPath(index, leaves)));
    }
    for (let fromSize = 1; fromSize <= size; fromSize++) {
      words.push(treeHash(leaves.slice(0, fromSize)), ...path(consistencyPath(fromSize, leaves)));
    }
  }
  return words;
}

// -- Payouts ------------------------------------------------------------------------------------------------------

/** For each tree of 1 to 17 accounts: its root, and each account's address, amount and proof. */
function payoutWords() {
  const treeCount = 17;
  const words = [word(treeCount)];
  for (let accounts = 1; accounts <= treeCount; accounts++) {
    const earnings = Array.from({ length: accounts }, (_, i) => [address(1000 * accounts + i), (BigInt(i) + 1n) * 10n ** 18n]);
    const tree = StandardMerkleTree.of(earnings, ["address", "uint256"]);
    words.push(word(accounts), bytes(tree.root));
    for (const [index, [account, amount]] of tree.entries()) {
      words.push(left0(bytes(account)), word(amount), ...path(tree.getProof(index).map(bytes)));
    }
  }
  return words;
}

// -- A node's signature -------------------------------------------------------------------------------------------

/**
 * The deployer whose first contract is the registry, the node, its batch, the EIP-712 digest, the signer, and the
 * signature (r, s, v) and its twin with a high s.
 */
function batchWords() {
  const chainId = 901;
  const deployer = bytes("0x" + "d0".repeat(20));
  // The address of a deployer's first contract: the hash of rlp([deployer, 0]).
  const registry = keccak(Buffer.of(0xd6, 0x94), deployer, Buffer.of(0x80)).subarray(12);
  const node = Buffer.concat([bytes("0x00112233445566778899aabbccddeeff"), Buffer.alloc(16)]);
  const batchRoot = sha256(text("a batch of results"));
  const count = 3;

  const domain = keccak(
    keccak(text("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)")),
    keccak(text("OpenLedger")),
    keccak(text("1")),
    word(chainId),
    left0(registry),
  );
  const struct = keccak(keccak(text("ResultBatch(bytes32 nodeId,bytes32 root,uint32 count)")), node, batchRoot, word(count));
  const digest = keccak(Buffer.of(0x19, 0x01), domain, struct);

  const key = sha256(text("a result key for tests"));
  const signer = keccak(Buffer.from(secp256k1.getPublicKey(key, false).subarray(1))).subarray(12);
  const { r, s, recovery } = secp256k1.sign(digest, key, { lowS: true });
  const highS = secp256k1.CURVE.n - s;
  return [
    word(chainId), left0(deployer), left0(registry), node, batchRoot, word(count), digest, left0(signer),
    word(r), word(s), word(27 + recovery),
    word(r), word(highS), word(28 - recovery),
  ];
}

// -- Words --------------------------------------------------------------------------------------------------------

function word(number) {
  return bytes("0x" + BigInt(number).toString(16).padStart(64, "0"));
}

function bytes(hex) {
  return Buffer.from(hex.slice(2), "hex");
}

function left0(short) {
  return Buffer.concat([Buffer.alloc(32 - short.length), short]);
}

function address(number) {
  return "0x" + BigInt(number).toString(16).padStart(40, "0");
}

function text(ascii) {
  return Buffer.from(ascii, "ascii");
}

function keccak(...parts) {
  return Buffer.from(keccak256(Buffer.concat(parts)));
}

function path(hashes) {
  return [word(hashes.length), ...hashes];
}
