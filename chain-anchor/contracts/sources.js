// Where the contracts lie, which of them are deployed, and how a Solidity import finds its file.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** The deployed contracts, by the source that defines each, in the order of their deployment. */
export const deployed = {
  AccessManager: "@openzeppelin/contracts/access/manager/AccessManager.sol",
  OpenToken: "OpenToken.sol",
  NodeRegistry: "NodeRegistry.sol",
  AnchorLog: "AnchorLog.sol",
  Escrow: "Escrow.sol",
  CoinEscrow: "CoinEscrow.sol",
  WrappedOpen: "WrappedOpen.sol",
  RewardDistributor: "RewardDistributor.sol",
  GovOpen: "GovOpen.sol",
  TimelockController: "@openzeppelin/contracts/governance/TimelockController.sol",
  OpenLedgerGovernor: "OpenLedgerGovernor.sol",
  PolicyBoard: "PolicyBoard.sol",
  PoolRegistry: "PoolRegistry.sol",
  DisputeCourt: "DisputeCourt.sol",
  ModelProofs: "ModelProofs.sol",
};

/** The settings of solc; foundry.toml says the same, and test.js holds the two bytecodes against each other. */
export const settings = {
  optimizer: { enabled: true, runs: 10000 },
  evmVersion: "cancun",
  viaIR: false,
  // Without the hash of the sources in it, the bytecode changes only when the code does.
  metadata: { bytecodeHash: "none" },
};

/** @returns the text of the source that an import names. */
export function read(source) {
  const folder = source.startsWith("@openzeppelin/") ? "node_modules" : "src/main/solidity";
  return readFileSync(join(root, folder, source), "utf8");
}

/** @returns the SHA-256 of a source as it lies on disk. */
export function sourceHash(source) {
  return "sha256:" + createHash("sha256").update(read(source)).digest("hex");
}

/** @returns the file that holds a contract's committed artifact. */
export function artifactFile(contract) {
  return join(root, "src/main/resources/contracts", `${contract}.json`);
}

export function readArtifact(contract) {
  return JSON.parse(readFileSync(artifactFile(contract), "utf8"));
}

/** Ends the program with one sentence and exit status 1. */
export function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}
