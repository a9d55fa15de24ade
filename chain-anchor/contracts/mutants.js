// Plants bugs. Each mutant is a copy of the contracts in which one protection is taken out; PlantedBugs.t.sol runs
// the same campaigns over each copy as over the contracts themselves, and requires that every bug is noticed.
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fail, root } from "./sources.js";

/** One line of a source, and what it becomes. */
const mutants = {
  PaysTwice: ["RewardDistributor.sol", "_claimed[account] = cumulative;", ""],
  PaysAboveTotal: [
    "RewardDistributor.sol",
    "if (totalClaimed_ > _total) revert ClaimsExceedTotal(_total, totalClaimed_);",
    "",
  ],
  PublishesUnfunded: ["RewardDistributor.sol", "if (total_ > available) revert Underfunded(available, total_);", ""],
  ForgetsTheEpoch: ["RewardDistributor.sol", "if (fromEpoch != _epoch) revert StaleEpoch(_epoch, fromEpoch);", ""],
  PaysWhileChallenged: [
    "RewardDistributor.sol",
    "if (_waiting.epoch == 0 || block.timestamp < _waiting.paysAt) return;",
    "if (_waiting.epoch == 0) return;",
  ],
  AcceptsAnyClaim: [
    "RewardDistributor.sol",
    "if (!MerkleProof.verifyCalldata(proof, _root, leaf)) revert InvalidProof(account, cumulative);",
    "",
  ],
  RepeatsPayments: ["Escrow.sol", "if (_paid[key]) revert AlreadyPaid(key);", ""],
  AcceptsDust: ["Escrow.sol", "amount == 0 || amount % NANO_OPEN != 0", "amount == 0"],
  ReturnsTooMuch: ["Escrow.sol", "if (amount > free) revert", "if (false) revert"],
  FundsStrangers: ["Escrow.sol", "if (!_distributors[distributor]) revert UnknownDistributor(distributor);", ""],
  PaysVouchersTwice: ["Escrow.sol", "_spent[key][voucher.pool] = voucher.cumulative;", ""],
  ForgetsTheCap: ["Escrow.sol", "if (increment > cap - before) revert CapExceeded(key, cap - before, increment);", ""],
  AcceptsForgedVouchers: ["Escrow.sol", "if (signer != key) revert WrongSigner(key, signer);", ""],
  PaysAfterExpiry: ["Escrow.sol", "if (block.timestamp >= expiresAt) revert SessionExpired(key, expiresAt);", ""],
  ReleasesTwice: ["Escrow.sol", "session_.released = true;", ""],
  ReleasesRunningKeys: [
    "Escrow.sol",
    "if (block.timestamp < session_.expiresAt) revert SessionRunning(key, session_.expiresAt);",
    "",
  ],
  LocksNothing: ["Escrow.sol", "deposits_.locked += cap;", ""],
  WrapsNothing: ["CoinEscrow.sol", "IWrappedCoin(address(token)).deposit{value: msg.value}();", ""],
  KeepsLooseCoin: [
    "CoinEscrow.sol",
    "if (msg.sender != address(token)) revert CoinWithoutAccount(msg.sender, msg.value);",
    "",
  ],
  PaysBothWays: [
    "CoinEscrow.sol",
    "if (!_inCoin[account][depositor]) return super._return(account, depositor, payee, amount);",
    "super._return(account, depositor, payee, amount); if (!_inCoin[account][depositor]) return;",
  ],
  BooksRefusedCoin: ["CoinEscrow.sol", "emit CoinRefused(account, depositor, payee, amount);", "return;"],
  ForgetsTheSize: ["AnchorLog.sol", "if (fromSize != _size) revert StaleCheckpoint(_size, fromSize);", ""],
  LetsTheLogShrink: ["AnchorLog.sol", "if (toSize <= fromSize) revert CheckpointDoesNotGrow(fromSize, toSize);", ""],
  AcceptsFlippedProofs: ["LogProofs.sol", "return last == 0 && current == root;", "return last == 0;"],
  ForgetsTheOlderRoot: ["LogProofs.sol", "older == fromRoot && newer == toRoot", "newer == toRoot"],
  ForgetsLoneNodes: ["LogProofs.sol", "while (first & 1 == 0 && first != 0)", "while (false)"],
  ReleasesEarly: ["NodeRegistry.sol", "if (block.timestamp < node_.withdrawableAt) {", "if (false) {"],
  SlashesForFree: ["NodeRegistry.sol", "node_.stake -= slashed;", ""],
  ReturnsStakeTwice: ["NodeRegistry.sol", "node_.status = Status.Left;", ""],
  AcceptsAnySigner: ["NodeRegistry.sol", "signer != address(0) && signer == _nodes[nodeId].resultKey", "signer != address(0)"],
  AccusesUnsigned: ["DisputeCourt.sol", "|| !registry.verifyResultBatch(node, said.root, said.count, said.signature)", ""],
  AccusesAgreement: ["DisputeCourt.sol", "if (!oneTask || oneOutcome) revert NoContradiction();", ""],
  TriesTwice: ["DisputeCourt.sol", "if (_tried[node][replica]) revert AlreadyTried(node, replica);", ""],
  TriesBothWays: ["DisputeCourt.sol", "if (other != one) _tryOnce(node, other);", ""],
  LetsTheAppealingGo: [
    "NodeRegistry.sol",
    "node_.status == Status.Unknown || node_.status == Status.Left",
    "node_.status != Status.Exiting",
  ],
  ExecutesEarly: [
    "DisputeCourt.sol",
    "if (block.timestamp < case_.closesAt) revert AppealTime(case_.closesAt, block.timestamp);",
    "",
  ],
  ExecutesTwice: ["DisputeCourt.sol", "case_.state = State.Executed;", ""],
  ReturnsBondTwice: ["PoolRegistry.sol", "pool_.status = Status.Closed;", ""],
  SeesForksEverywhere: ["PoolRegistry.sol", "if (first == second) revert SameRoot(first);", ""],
  KeepsForkedBonds: ["PoolRegistry.sol", "token.safeTransfer(treasury, amount - bounty);", ""],
  ForgetsTheRules: ["PolicyBoard.sol", "if (fromNumber != _latest.number) revert StaleEpoch(_latest.number, fromNumber);", ""],
  BindsAtOnce: ["PolicyBoard.sol", "block.timestamp < _latest.effectiveAt ? _previous : _latest", "_latest"],
  SwapsKeys: ["NodeRegistry.sol", "if (owner != node_.owner || resultKey != node_.resultKey) {", "if (false) {"],
};

export function writeMutants() {
  const sources = join(root, "src/main/solidity");
  const folder = join(root, "target/mutants");
  rmSync(folder, { recursive: true, force: true });
  const files = readdirSync(sources).map((file) => [file, readFileSync(join(sources, file), "utf8")]);
  for (const [mutant, [source, line, becomes]] of Object.entries(mutants)) {
    mkdirSync(join(folder, mutant), { recursive: true });
    for (const [file, text] of files) {
      writeFileSync(join(folder, mutant, file), file === source ? plant(mutant, text, line, becomes) : text);
    }
  }
}

/** A bug that no longer finds its place would be a test that cannot fail. */
function plant(mutant, text, line, becomes) {
  const parts = text.split(line);
  if (parts.length !== 2) fail(`mutants.js: the line of ${mutant} occurs ${parts.length - 1} times, not once: ${line}`);
  return parts.join(becomes);
}
