// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {LogProofs} from "./LogProofs.sol";

/// @notice One receipt as the log keeps it: fixed-size facts that a contract can judge. The leaf's bytes are
/// `abi.encode` of these fields in this order.
/// @param version The leaf format, 2 today.
/// @param kind What the receipt states: a result, a verification, an attribution or a correction.
/// @param jobId The 16 bytes of the job's id, zeros after them.
/// @param revision Counts the leaves of one job and kind, from zero.
/// @param nodeSetHash Commits to the nodes that answered.
/// @param resultDigest SHA-256 of the accepted result.
/// @param evidenceRoot Commits to the nodes' signed statements: since version 2 to the accepted ones alone.
/// @param ruleHash The rules in force when the receipt was written; zero before governance.
/// @param documentDigest SHA-256 of the readable receipt.
struct ReceiptLeaf {
    uint16 version;
    uint8 kind;
    bytes32 jobId;
    uint32 revision;
    bytes32 nodeSetHash;
    bytes32 resultDigest;
    bytes32 evidenceRoot;
    bytes32 ruleHash;
    bytes32 documentDigest;
}

/// @title AnchorLog
/// @notice Keeps the latest checkpoint of the receipt log, an RFC 9162 tree that only grows. Whoever holds a
/// receipt can prove against it, for as long as the chain lives, that the receipt was logged and never changed.
/// @dev The chain stores one checkpoint; each earlier one is an event, found by its size. A receipt's inclusion
/// proof in an earlier checkpoint stays good: {verifyConsistency} links that checkpoint to this one.
contract AnchorLog is AccessManaged {
    using SafeCast for uint256;

    /// @param size How many leaves the log had.
    /// @param root The RFC 9162 tree hash of those leaves.
    /// @param anchoredAt When the checkpoint landed, in seconds since 1970; zero before the first.
    struct Checkpoint {
        uint64 size;
        bytes32 root;
        uint64 anchoredAt;
    }

    /// @notice The log now has `size` leaves under `root`; before, it had `fromSize`.
    event CheckpointAnchored(uint64 indexed size, bytes32 root, uint64 fromSize);

    /// @notice From now on `anchorer` alone may anchor.
    event AnchorerChanged(address indexed previous, address indexed anchorer);

    /// @notice The log has `expected` leaves; the caller spoke of `actual`.
    error StaleCheckpoint(uint64 expected, uint64 actual);

    /// @notice A checkpoint adds leaves; `toSize` is not above `fromSize`.
    error CheckpointDoesNotGrow(uint64 fromSize, uint64 toSize);

    /// @notice `caller` is not the log's `anchorer`.
    error NotAnchorer(address caller, address anchorer);

    /// @notice A leaf has `expected` bytes; these are `actual`.
    error LeafLength(uint256 expected, uint256 actual);

    uint256 private constant LEAF_LENGTH = 9 * 32;

    /// @notice SHA-256 of the log's origin, the name in the first line of its signed checkpoints.
    bytes32 public immutable originHash;

    bytes32 private _root = LogProofs.EMPTY_ROOT;

    // One slot: an anchor then writes two slots in all, and asking who may anchor costs no further read.
    address private _anchorer;
    uint48 private _size;
    uint48 private _anchoredAt;

    /// @param authority The access manager that may change the anchorer.
    /// @param initialAnchorer May anchor. One address and no more, because it stands for one queue of transactions.
    /// @param origin The name in the first line of the log's signed checkpoints.
    constructor(address authority, address initialAnchorer, string memory origin) AccessManaged(authority) {
        originHash = sha256(bytes(origin));
        _anchorer = initialAnchorer;
        emit AnchorerChanged(address(0), initialAnchorer);
    }

    /// @notice Moves the log from `fromSize` leaves to `toSize` leaves under `root`.
    /// @param fromSize The size the anchorer believes the log to have. If the chain disagrees the call is refused,
    /// so the same checkpoint may be sent as often as needed and takes effect once.
    function anchor(uint64 fromSize, uint64 toSize, bytes32 root_) external {
        if (msg.sender != _anchorer) revert NotAnchorer(msg.sender, _anchorer);
        if (fromSize != _size) revert StaleCheckpoint(_size, fromSize);
        if (toSize <= fromSize) revert CheckpointDoesNotGrow(fromSize, toSize);

        _root = root_;
        _size = uint256(toSize).toUint48();
        _anchoredAt = uint48(block.timestamp);
        emit CheckpointAnchored(toSize, root_, fromSize);
    }

    /// @notice Hands the right to anchor to another address.
    function setAnchorer(address anchorer_) external restricted {
        emit AnchorerChanged(_anchorer, anchorer_);
        _anchorer = anchorer_;
    }

    /// @return The latest checkpoint.
    function checkpoint() external view returns (Checkpoint memory) {
        return Checkpoint(_size, _root, _anchoredAt);
    }

    /// @return How many leaves the log has.
    function size() external view returns (uint64) {
        return _size;
    }

    /// @return The tree hash of all leaves.
    function root() external view returns (bytes32) {
        return _root;
    }

    /// @return Who may anchor.
    function anchorer() external view returns (address) {
        return _anchorer;
    }

    /// @notice Whether the leaf that hashes to `leafHash` stands at `index` of the log.
    /// @param leafHash SHA-256(0x00 ‖ leaf).
    /// @param atSize The size the proof was made for, which must be the latest checkpoint's.
    /// @param proof The RFC 9162 inclusion path, from the leaf's neighbour to the root's child.
    function verifyInclusion(bytes32 leafHash, uint64 index, uint64 atSize, bytes32[] calldata proof)
        public
        view
        returns (bool)
    {
        if (atSize != _size) revert StaleCheckpoint(_size, atSize);
        return LogProofs.includes(_root, atSize, leafHash, index, proof);
    }

    /// @notice Whether `leaf` stands at `index` of the log, and what it states.
    /// @param leaf `abi.encode` of a {ReceiptLeaf}. Bytes that are not one revert.
    function verifyLeaf(bytes calldata leaf, uint64 index, uint64 atSize, bytes32[] calldata proof)
        external
        view
        returns (bool included, ReceiptLeaf memory receipt)
    {
        if (leaf.length != LEAF_LENGTH) revert LeafLength(LEAF_LENGTH, leaf.length);
        receipt = abi.decode(leaf, (ReceiptLeaf));
        included = verifyInclusion(LogProofs.leafHash(leaf), index, atSize, proof);
    }

    /// @notice Whether the log still begins with the `fromSize` leaves that once had the root `fromRoot`: nothing
    /// before was changed, removed or reordered.
    /// @param proof The RFC 9162 consistency path from `fromSize` to the latest checkpoint.
    function verifyConsistency(uint64 fromSize, bytes32 fromRoot, bytes32[] calldata proof)
        external
        view
        returns (bool)
    {
        return LogProofs.extendsTree(fromSize, fromRoot, _size, _root, proof);
    }
}
