// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {AnchorLog, ReceiptLeaf} from "./AnchorLog.sol";
import {NodeId} from "./Identifiers.sol";
import {LogProofs} from "./LogProofs.sol";
import {NodeRegistry} from "./NodeRegistry.sol";

/// @notice A result statement, and the node's signature that reaches it.
/// @param leaf `abi.encode(bytes32 replica, bytes32 task, bytes32 outcome, uint64 fence)`.
/// @param index Where the leaf stands in its batch.
/// @param proof The RFC 9162 inclusion path to `root`.
/// @param root The batch's tree hash, which the node signed.
/// @param count How many statements the batch holds.
/// @param signature The node's, as {NodeRegistry.verifyResultBatch} wants it.
struct SignedStatement {
    bytes leaf;
    uint64 index;
    bytes32[] proof;
    bytes32 root;
    uint32 count;
    bytes signature;
}

/// @notice A statement that a receipt accepted, and the way from the anchored log to it.
/// @param receipt `abi.encode` of a {ReceiptLeaf}.
/// @param index Where the receipt stands in the log.
/// @param atSize The size of the log's latest checkpoint.
/// @param proof The inclusion path of the receipt.
/// @param leaf The accepted statement.
/// @param leafIndex Where it stands among the receipt's evidence.
/// @param leafCount How many statements the evidence holds.
/// @param leafProof The inclusion path of the statement to {ReceiptLeaf.evidenceRoot}.
struct AcceptedStatement {
    bytes receipt;
    uint64 index;
    uint64 atSize;
    bytes32[] proof;
    bytes leaf;
    uint64 leafIndex;
    uint64 leafCount;
    bytes32[] leafProof;
}

/// @title DisputeCourt
/// @notice Takes stakes on evidence that anyone can check, and on nothing else: a node that signed two outcomes of
/// one task, or an outcome that an anchored receipt refutes.
///
///     accuse ──────────────────────── appeal time over ──▶ execute: slashed, the accuser gets bond and bounty
///        └── appeal ──▶ judge ──▶ upheld: as above
///                         ├────▶ overturned: the bond goes to the node's owner
///                         └─ nobody judges ─▶ lapsed: the accuser gets its bond
///
/// @dev Tasks whose receipts hold evidence have one outcome by construction (gated programs are deterministic), which is
/// why two outcomes accuse.
/// A node that was right and outvoted appeals: the judge is the authority of the network, whose ruling is public and
/// can be compared with an execution of the task by anybody.
contract DisputeCourt is AccessManaged {
    using SafeERC20 for IERC20;

    enum State {
        None,
        Open,
        Appealed,
        Executed,
        Overturned,
        Lapsed
    }

    /// @param accuser Brought the evidence, and the bond.
    /// @param closesAt Until when the owner may appeal, in seconds since 1970.
    /// @param state Where the case stands in the picture above.
    /// @param node The accused.
    /// @param bond What the accuser risks, in units of 10^-18 OPEN.
    /// @param penalty What the node loses at the most.
    /// @param evidence SHA-256 of the statements that contradict each other.
    struct Case {
        address accuser;
        uint48 closesAt;
        State state;
        NodeId node;
        uint96 bond;
        uint96 penalty;
        bytes32 evidence;
    }

    /// @param bond What an accuser must risk, in units of 10^-18 OPEN.
    /// @param penaltyPercent The part of its stake that a node loses.
    /// @param bountyPercent The accuser's part of that; the treasury gets the rest.
    /// @param appealSeconds How long the owner may appeal.
    struct Terms {
        uint96 bond;
        uint8 penaltyPercent;
        uint8 bountyPercent;
        uint32 appealSeconds;
    }

    /// @notice `accuser` accuses node `node`; without an appeal until `closesAt` it loses up to `penalty`.
    event Accused(
        uint256 indexed number,
        NodeId indexed node,
        address indexed accuser,
        uint96 penalty,
        uint48 closesAt,
        bytes32 evidence
    );

    /// @notice The owner of the accused appeals; `statement` is the SHA-256 of why.
    event Appealed(uint256 indexed number, bytes32 statement);

    /// @notice The case is closed: the node lost `taken`, the accuser got `bounty` and its bond.
    event Executed(uint256 indexed number, uint96 taken, uint96 bounty);

    /// @notice The case is closed: the accusation was wrong, and its bond went to the node's owner.
    event Overturned(uint256 indexed number);

    /// @notice The case is closed: nobody judged the appeal in time, and the accuser has its bond again.
    event Lapsed(uint256 indexed number);

    /// @notice Cases brought from now on are held to these terms.
    event TermsChanged(Terms terms);

    /// @notice Node `node` did not sign this statement.
    error NotSigned(NodeId node, bytes32 root);

    /// @notice The receipt is not in the anchored log, of a format whose evidence may refute nobody, or the statement not in the receipt's evidence.
    error NotAccepted();

    /// @notice The two statements do not contradict each other: they are of different tasks, or agree.
    error NoContradiction();

    /// @notice What node `node` said of this replica was brought to court before.
    error AlreadyTried(NodeId node, bytes32 replica);

    /// @notice Case `number` should be `expected` for this, and is `actual`.
    error WrongState(uint256 number, State expected, State actual);

    /// @notice `caller` does not own node `node`.
    error NotOwner(NodeId node, address caller);

    /// @notice The owner may appeal until `closesAt`; now it is `timestamp`.
    error AppealTime(uint48 closesAt, uint256 timestamp);

    /// @notice These terms are impossible: a part above 100 percent, or an appeal longer than a stake is bound, or so long
    /// that no stake could be held until the judge's time is over.
    error BadTerms();

    /// @dev Receipts of earlier formats commit also to statements that refute nobody: rejected ones, and those of outcomes
    /// in which honest nodes differ.
    uint16 private constant EVIDENCE_IS_EXACT = 4;

    /// @notice How long the judge has after the time for an appeal. The accused stake is bound until then.
    uint32 public constant JUDGE_SECONDS = 60 days;

    uint256 private constant STATEMENT_LENGTH = 4 * 32;

    /// @notice Keeps the stakes.
    NodeRegistry public immutable registry;

    /// @notice Keeps the receipts.
    AnchorLog public immutable log;

    /// @notice Gets what an accuser does not.
    address public immutable treasury;

    IERC20 private immutable _token;

    Terms private _terms;
    Case[] private _cases;
    mapping(NodeId node => mapping(bytes32 replica => bool)) private _tried;

    /// @param authority The access manager that decides who judges appeals and sets terms.
    constructor(address authority, NodeRegistry registry_, AnchorLog log_, address treasury_, Terms memory terms_)
        AccessManaged(authority)
    {
        registry = registry_;
        log = log_;
        treasury = treasury_;
        _token = registry_.token();
        _setTerms(terms_);
    }

    /// @notice Accuses a node of equivocation: two statements under its key, one task, two outcomes. That is one fault,
    /// also where they are of two replicas. The caller pays the bond, having approved it in OPEN.
    /// @return number The case.
    function accuseOfEquivocation(NodeId node, SignedStatement calldata first, SignedStatement calldata second)
        external
        returns (uint256 number)
    {
        _requireSigned(node, first);
        _requireSigned(node, second);
        _requireContradiction(first.leaf, second.leaf);
        (bytes32 one, bytes32 other) = (bytes32(first.leaf[:32]), bytes32(second.leaf[:32]));
        _tryOnce(node, one);
        if (other != one) _tryOnce(node, other);
        return _accuse(node, first.leaf, second.leaf);
    }

    /// @notice Accuses a node of an outcome that an anchored receipt refutes: the receipt's evidence holds a
    /// statement of the same task with another outcome. The caller pays the bond.
    /// @return number The case.
    function accuseOfContradiction(NodeId node, SignedStatement calldata said, AcceptedStatement calldata accepted)
        external
        returns (uint256 number)
    {
        _requireSigned(node, said);
        (bool logged, ReceiptLeaf memory receipt) =
            log.verifyLeaf(accepted.receipt, accepted.index, accepted.atSize, accepted.proof);
        if (
            !logged || receipt.version < EVIDENCE_IS_EXACT
                || !LogProofs.includes(
                    receipt.evidenceRoot,
                    accepted.leafCount,
                    LogProofs.leafHash(accepted.leaf),
                    accepted.leafIndex,
                    accepted.leafProof
                )
        ) revert NotAccepted();
        _requireContradiction(said.leaf, accepted.leaf);
        _tryOnce(node, bytes32(said.leaf[:32]));
        return _accuse(node, said.leaf, accepted.leaf);
    }

    /// @notice The owner of the accused asks for a judgement. The stake is bound until the judge's time is over, whether the
    /// node stays or leaves.
    /// @param statement SHA-256 of why, published elsewhere.
    function appeal(uint256 number, bytes32 statement) external {
        Case storage case_ = _in(number, State.Open);
        if (msg.sender != registry.node(case_.node).owner) revert NotOwner(case_.node, msg.sender);
        if (block.timestamp >= case_.closesAt) revert AppealTime(case_.closesAt, block.timestamp);
        case_.state = State.Appealed;
        registry.hold(case_.node, case_.closesAt + JUDGE_SECONDS);
        emit Appealed(number, statement);
    }

    /// @notice Judges an appeal.
    function judge(uint256 number, bool upheld) external restricted {
        Case storage case_ = _in(number, State.Appealed);
        if (upheld) {
            _execute(number, case_);
        } else {
            case_.state = State.Overturned;
            emit Overturned(number);
            _token.safeTransfer(registry.node(case_.node).owner, case_.bond);
        }
    }

    /// @notice Closes an appeal that nobody judged within {JUDGE_SECONDS}. Anyone may call this.
    function lapse(uint256 number) external {
        Case storage case_ = _in(number, State.Appealed);
        uint48 judgedBy = case_.closesAt + JUDGE_SECONDS;
        if (block.timestamp < judgedBy) revert AppealTime(judgedBy, block.timestamp);
        case_.state = State.Lapsed;
        emit Lapsed(number);
        _token.safeTransfer(case_.accuser, case_.bond);
    }

    /// @notice Closes a case that nobody appealed. Anyone may call this.
    function execute(uint256 number) external {
        Case storage case_ = _in(number, State.Open);
        if (block.timestamp < case_.closesAt) revert AppealTime(case_.closesAt, block.timestamp);
        _execute(number, case_);
    }

    /// @notice Changes the terms of cases to come.
    function setTerms(Terms calldata terms_) external restricted {
        _setTerms(terms_);
    }

    /// @return The terms in force.
    function terms() external view returns (Terms memory) {
        return _terms;
    }

    /// @return How many cases there were.
    function cases() external view returns (uint256) {
        return _cases.length;
    }

    /// @return The case with that number, from 0.
    function caseOf(uint256 number) external view returns (Case memory) {
        return _cases[number];
    }

    function _accuse(NodeId node, bytes calldata first, bytes calldata second) private returns (uint256 number) {
        number = _cases.length;
        Case memory case_ = Case({
            accuser: msg.sender,
            closesAt: uint48(block.timestamp + _terms.appealSeconds),
            state: State.Open,
            node: node,
            bond: _terms.bond,
            penalty: uint96(uint256(registry.node(node).stake) * _terms.penaltyPercent / 100),
            evidence: sha256(bytes.concat(first, second))
        });
        _cases.push(case_);
        emit Accused(number, node, msg.sender, case_.penalty, case_.closesAt, case_.evidence);
        // A day more, so that somebody can execute the case before the stake is gone.
        registry.hold(node, case_.closesAt + 1 days);
        _token.safeTransferFrom(msg.sender, address(this), case_.bond);
    }

    /// @dev What a node says of a replica is tried once, in whichever accusation it comes.
    function _tryOnce(NodeId node, bytes32 replica) private {
        if (_tried[node][replica]) revert AlreadyTried(node, replica);
        _tried[node][replica] = true;
    }

    function _requireContradiction(bytes calldata first, bytes calldata second) private pure {
        if (first.length != STATEMENT_LENGTH || second.length != STATEMENT_LENGTH) revert NoContradiction();
        // In words of 32 bytes: the replica, the task, the outcome, the fence.
        bool oneTask = bytes32(first[32:64]) == bytes32(second[32:64]);
        bool oneOutcome = bytes32(first[64:96]) == bytes32(second[64:96]);
        if (!oneTask || oneOutcome) revert NoContradiction();
    }

    function _execute(uint256 number, Case storage case_) private {
        case_.state = State.Executed;
        uint96 taken = registry.slash(case_.node, case_.penalty, address(this), case_.evidence);
        uint96 bounty = uint96(uint256(taken) * _terms.bountyPercent / 100);
        emit Executed(number, taken, bounty);
        _token.safeTransfer(case_.accuser, case_.bond + bounty);
        _token.safeTransfer(treasury, taken - bounty);
    }

    function _requireSigned(NodeId node, SignedStatement calldata said) private view {
        bytes32 hash = LogProofs.leafHash(said.leaf);
        if (
            !LogProofs.includes(said.root, said.count, hash, said.index, said.proof)
                || !registry.verifyResultBatch(node, said.root, said.count, said.signature)
        ) revert NotSigned(node, said.root);
    }

    function _in(uint256 number, State expected) private view returns (Case storage case_) {
        case_ = _cases[number];
        if (case_.state != expected) revert WrongState(number, expected, case_.state);
    }

    function _setTerms(Terms memory terms_) private {
        if (
            terms_.penaltyPercent > 100 || terms_.bountyPercent > 100
                || terms_.appealSeconds > registry.terms().unbondingSeconds
                || terms_.appealSeconds > registry.UNBONDING_SECONDS_MAX() - JUDGE_SECONDS
        ) revert BadTerms();
        _terms = terms_;
        emit TermsChanged(terms_);
    }
}
