// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {NodeId, PoolId} from "./Identifiers.sol";

/// @title NodeRegistry
/// @notice Who runs which node, with which result key, and how much OPEN answers for its honesty.
///
///               register                beginExit                withdraw
///     Unknown ────────────▶ Active ────────────────▶ Exiting ────────────▶ Left
///                              ▲                                            │
///                              └──────────────── register ◀─────────────────┘
///
/// @dev A node's owner and result key never change, so what the node once signed can be judged for ever. A node
/// that left may come back as the same owner's, with the same key. The stake belongs to whoever paid it, the
/// staker: slashing takes it from the staker, and withdrawal returns it to the staker. A sponsor thus lends a
/// newcomer its bond and does not give it away.
contract NodeRegistry is AccessManaged, EIP712 {
    using SafeERC20 for IERC20;

    enum Status {
        Unknown,
        Active,
        Exiting,
        Left
    }

    /// @param owner Answers for the node, and is paid for its work.
    /// @param stake In units of 10^-18 OPEN.
    /// @param resultKey Signs what the node states about its results.
    /// @param withdrawableAt When an exiting node's stake may be withdrawn, in seconds since 1970; for an active node
    /// until when a case binds it at the least, or zero.
    /// @param status Where the node stands in the picture above.
    /// @param staker Paid the stake, and gets it back.
    /// @param capabilityHash Commits to the inventory that the node declared.
    /// @param poolId The pool the node serves.
    struct Node {
        address owner;
        uint96 stake;
        address resultKey;
        uint48 withdrawableAt;
        Status status;
        address staker;
        bytes32 capabilityHash;
        PoolId poolId;
    }

    /// @param minimumStake The least stake of an active node, in units of 10^-18 OPEN.
    /// @param unbondingSeconds How long an exiting node's stake still answers for what the node signed.
    struct Terms {
        uint96 minimumStake;
        uint32 unbondingSeconds;
    }

    /// @notice `owner` runs node `nodeId`, whose results `resultKey` signs; `staker` put up `stake` for it.
    event NodeRegistered(
        NodeId indexed nodeId,
        address indexed owner,
        address resultKey,
        address staker,
        uint96 stake,
        bytes32 capabilityHash,
        PoolId poolId
    );

    /// @notice Node `nodeId` declares other capabilities, or serves another pool.
    event NodeUpdated(NodeId indexed nodeId, bytes32 capabilityHash, PoolId poolId);

    /// @notice The staker added `amount`; the node's stake is now `stake`.
    event StakeAdded(NodeId indexed nodeId, uint96 amount, uint96 stake);

    /// @notice Node `nodeId` takes no more work; its stake is free at `withdrawableAt`.
    event ExitBegun(NodeId indexed nodeId, uint48 withdrawableAt);

    /// @notice Node `nodeId` left, and `staker` got `amount` back.
    event StakeWithdrawn(NodeId indexed nodeId, address indexed staker, uint96 amount);

    /// @notice Node `nodeId` lost `amount` of its stake to `beneficiary`. Anyone can re-check why: `evidence` is
    /// the SHA-256 of the proof.
    event StakeSlashed(NodeId indexed nodeId, uint96 amount, address indexed beneficiary, bytes32 evidence);

    /// @notice The stake of node `nodeId` is bound until `until` at the least, since there is a case against it.
    event StakeHeld(NodeId indexed nodeId, uint48 until);

    /// @notice Nodes that register, and exits that begin, are held to these terms from now on.
    event TermsChanged(uint96 minimumStake, uint32 unbondingSeconds);

    /// @notice Node `nodeId` should be `expected` for this, and is `actual`.
    error WrongStatus(NodeId nodeId, Status expected, Status actual);

    /// @notice Node `nodeId` has lived before, as `owner`'s and with `resultKey`, and these stay.
    error IdentityFixed(NodeId nodeId, address owner, address resultKey);

    /// @notice An address that must be somebody's is zero.
    error ZeroAddress();

    /// @notice A node needs a stake of at least `minimum`; this one would have `actual`.
    error StakeTooSmall(uint96 minimum, uint96 actual);

    /// @notice `caller` may not do this with node `nodeId`.
    error NotAllowed(NodeId nodeId, address caller);

    /// @notice The stake of node `nodeId` is bound until `withdrawableAt`; now it is `timestamp`.
    error StillBonded(NodeId nodeId, uint48 withdrawableAt, uint256 timestamp);

    /// @notice A stake may be held until `latest`, not until `actual`.
    error HoldTooLong(uint256 latest, uint48 actual);

    /// @notice No stake may be bound for longer than `maximum` seconds; these terms say `actual`.
    error UnbondingTooLong(uint32 maximum, uint32 actual);

    /// @notice Bounds {Terms.unbondingSeconds}, so that no authority can lock a stake up for good.
    uint32 public constant UNBONDING_SECONDS_MAX = 90 days;

    /// @notice The EIP-712 type of a node's signature under a batch of `count` result statements: the root is
    /// their RFC 9162 tree hash.
    bytes32 public constant RESULT_BATCH_TYPEHASH = keccak256("ResultBatch(bytes32 nodeId,bytes32 root,uint32 count)");

    /// @notice The coin of the stakes.
    IERC20 public immutable token;

    mapping(NodeId id => Node) private _nodes;
    Terms private _terms;

    /// @param authority The access manager that decides who may slash and set terms.
    /// @param open The coin of the stakes.
    constructor(address authority, IERC20 open, uint96 minimumStake, uint32 unbondingSeconds)
        AccessManaged(authority)
        EIP712("OpenLedger", "1")
    {
        token = open;
        _setTerms(minimumStake, unbondingSeconds);
    }

    /// @notice Registers the caller's own node; the caller pays the stake, having approved it in OPEN.
    function register(NodeId nodeId, address resultKey, bytes32 capabilityHash, PoolId poolId, uint96 stake) external {
        _register(nodeId, msg.sender, resultKey, capabilityHash, poolId, stake);
    }

    /// @notice Registers `owner`'s node; the caller, its sponsor, pays the stake and stays its staker.
    function registerFor(
        address owner,
        NodeId nodeId,
        address resultKey,
        bytes32 capabilityHash,
        PoolId poolId,
        uint96 stake
    ) external {
        _register(nodeId, owner, resultKey, capabilityHash, poolId, stake);
    }

    /// @notice The owner declares what an active node can do, and the pool it serves.
    function update(NodeId nodeId, bytes32 capabilityHash, PoolId poolId) external {
        Node storage node_ = _nodes[nodeId];
        if (msg.sender != node_.owner) revert NotAllowed(nodeId, msg.sender);
        _requireStatus(nodeId, node_, Status.Active);

        node_.capabilityHash = capabilityHash;
        node_.poolId = poolId;
        emit NodeUpdated(nodeId, capabilityHash, poolId);
    }

    /// @notice The staker adds to an active node's stake.
    function addStake(NodeId nodeId, uint96 amount) external {
        Node storage node_ = _nodes[nodeId];
        if (msg.sender != node_.staker) revert NotAllowed(nodeId, msg.sender);
        _requireStatus(nodeId, node_, Status.Active);

        node_.stake += amount;
        emit StakeAdded(nodeId, amount, node_.stake);
        token.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @notice The owner or the staker ends the node's service. The stake stays bound for the unbonding time, so
    /// that whatever the node signed until now can still cost it, and for as long as a case against it binds it.
    function beginExit(NodeId nodeId) external {
        Node storage node_ = _nodes[nodeId];
        if (msg.sender != node_.owner && msg.sender != node_.staker) revert NotAllowed(nodeId, msg.sender);
        _requireStatus(nodeId, node_, Status.Active);

        uint48 withdrawableAt = uint48(block.timestamp + _terms.unbondingSeconds);
        if (withdrawableAt < node_.withdrawableAt) withdrawableAt = node_.withdrawableAt;
        node_.status = Status.Exiting;
        node_.withdrawableAt = withdrawableAt;
        emit ExitBegun(nodeId, withdrawableAt);
    }

    /// @notice Returns what is left of an exiting node's stake to its staker. Anyone may call this.
    function withdraw(NodeId nodeId) external {
        Node storage node_ = _nodes[nodeId];
        _requireStatus(nodeId, node_, Status.Exiting);
        if (block.timestamp < node_.withdrawableAt) {
            revert StillBonded(nodeId, node_.withdrawableAt, block.timestamp);
        }

        (address staker, uint96 amount) = (node_.staker, node_.stake);
        node_.stake = 0;
        node_.withdrawableAt = 0;
        node_.status = Status.Left;
        emit StakeWithdrawn(nodeId, staker, amount);
        token.safeTransfer(staker, amount);
    }

    /// @notice Takes up to `amount` of a node's stake, for a fault that the evidence proves. An active node that
    /// falls below the minimum stays registered and is no longer {isBonded}.
    /// @param beneficiary Gets what was taken.
    /// @param evidence SHA-256 of the proof.
    /// @return slashed What was taken: `amount`, or all there was.
    function slash(NodeId nodeId, uint96 amount, address beneficiary, bytes32 evidence)
        external
        restricted
        returns (uint96 slashed)
    {
        Node storage node_ = _nodes[nodeId];
        slashed = amount < node_.stake ? amount : node_.stake;
        node_.stake -= slashed;
        emit StakeSlashed(nodeId, slashed, beneficiary, evidence);
        token.safeTransfer(beneficiary, slashed);
    }

    /// @notice Keeps a node's stake bound while there is a case against it, whether its exit began before or begins
    /// later: an unbonding time may be shorter than the case.
    function hold(NodeId nodeId, uint48 until) external restricted {
        Node storage node_ = _nodes[nodeId];
        if (node_.status == Status.Unknown || node_.status == Status.Left) return;
        if (until <= node_.withdrawableAt) return;
        uint256 latest = block.timestamp + UNBONDING_SECONDS_MAX;
        if (until > latest) revert HoldTooLong(latest, until);
        node_.withdrawableAt = until;
        emit StakeHeld(nodeId, until);
    }

    /// @notice Changes the terms for nodes yet to register and exits yet to begin.
    function setTerms(uint96 minimumStake, uint32 unbondingSeconds) external restricted {
        _setTerms(minimumStake, unbondingSeconds);
    }

    /// @return The node's record, all zero if it never registered.
    function node(NodeId nodeId) external view returns (Node memory) {
        return _nodes[nodeId];
    }

    /// @return Whether the node is active with at least the minimum stake behind it.
    function isBonded(NodeId nodeId) external view returns (bool) {
        Node storage node_ = _nodes[nodeId];
        return node_.status == Status.Active && node_.stake >= _terms.minimumStake;
    }

    /// @return The terms in force.
    function terms() external view returns (Terms memory) {
        return _terms;
    }

    /// @return What the node's result key signs for a batch: the EIP-712 digest under this contract's domain.
    function resultBatchDigest(NodeId nodeId, bytes32 root, uint32 count) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(RESULT_BATCH_TYPEHASH, nodeId, root, count)));
    }

    /// @return Who signed the batch, or zero if the signature is malformed.
    /// @param signature 65 bytes r ‖ s ‖ v, v 27 or 28. A high s is malformed, so that a batch has one signature.
    function resultBatchSigner(NodeId nodeId, bytes32 root, uint32 count, bytes calldata signature)
        public
        view
        returns (address)
    {
        (address signer,,) = ECDSA.tryRecoverCalldata(resultBatchDigest(nodeId, root, count), signature);
        return signer;
    }

    /// @return Whether node `nodeId` signed the batch. A node that left is still bound by what it signed.
    function verifyResultBatch(NodeId nodeId, bytes32 root, uint32 count, bytes calldata signature)
        external
        view
        returns (bool)
    {
        address signer = resultBatchSigner(nodeId, root, count, signature);
        return signer != address(0) && signer == _nodes[nodeId].resultKey;
    }

    function _register(
        NodeId nodeId,
        address owner,
        address resultKey,
        bytes32 capabilityHash,
        PoolId poolId,
        uint96 stake
    ) private {
        if (owner == address(0) || resultKey == address(0)) revert ZeroAddress();
        if (stake < _terms.minimumStake) revert StakeTooSmall(_terms.minimumStake, stake);
        Node storage node_ = _nodes[nodeId];
        if (node_.status == Status.Left) {
            if (owner != node_.owner || resultKey != node_.resultKey) {
                revert IdentityFixed(nodeId, node_.owner, node_.resultKey);
            }
        } else {
            _requireStatus(nodeId, node_, Status.Unknown);
        }

        _nodes[nodeId] = Node({
            owner: owner,
            stake: stake,
            resultKey: resultKey,
            withdrawableAt: 0,
            status: Status.Active,
            staker: msg.sender,
            capabilityHash: capabilityHash,
            poolId: poolId
        });
        emit NodeRegistered(nodeId, owner, resultKey, msg.sender, stake, capabilityHash, poolId);
        token.safeTransferFrom(msg.sender, address(this), stake);
    }

    function _setTerms(uint96 minimumStake, uint32 unbondingSeconds) private {
        if (unbondingSeconds > UNBONDING_SECONDS_MAX) revert UnbondingTooLong(UNBONDING_SECONDS_MAX, unbondingSeconds);
        _terms = Terms(minimumStake, unbondingSeconds);
        emit TermsChanged(minimumStake, unbondingSeconds);
    }

    function _requireStatus(NodeId nodeId, Node storage node_, Status expected) private view {
        if (node_.status != expected) revert WrongStatus(nodeId, expected, node_.status);
    }
}
