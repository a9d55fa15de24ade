// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {PoolId} from "./Identifiers.sol";

/// @title PoolRegistry
/// @notice Who operates which pool, under which terms, with which keys its receipt log is signed, and how much OPEN
/// answers for that log having one history only.
///
///     Unknown ──open──▶ Open ──close──▶ Closing ──withdraw──▶ Closed
///
/// @dev A pool's keys never change, so that what was once signed can be judged; another log is another pool.
contract PoolRegistry is AccessManaged, EIP712 {
    using SafeERC20 for IERC20;

    enum Status {
        Unknown,
        Open,
        Closing,
        Closed
    }

    /// @param operator Answers for the pool.
    /// @param bond In units of 10^-18 OPEN.
    /// @param logSigner Signs the log's checkpoints by EIP-712.
    /// @param withdrawableAt When a closing pool's bond may be withdrawn, in seconds since 1970; else zero.
    /// @param status Where the pool stands in the picture above.
    /// @param logKey The Ed25519 key that signs the log's notes.
    /// @param originHash SHA-256 of the log's origin, the first line of its notes.
    /// @param manifestHash SHA-256 of the pool's terms in canonical JSON.
    /// @param witnessSetHash SHA-256 of the sorted keys of the witnesses that cosign its checkpoints.
    struct Pool {
        address operator;
        uint96 bond;
        address logSigner;
        uint48 withdrawableAt;
        Status status;
        bytes32 logKey;
        bytes32 originHash;
        bytes32 manifestHash;
        bytes32 witnessSetHash;
    }

    /// @notice `operator` opened pool `poolId` and put up `bond`.
    event PoolOpened(
        PoolId indexed poolId,
        address indexed operator,
        uint96 bond,
        address logSigner,
        bytes32 logKey,
        bytes32 originHash,
        bytes32 manifestHash,
        bytes32 witnessSetHash
    );

    /// @notice Pool `poolId` has other terms or witnesses.
    event PoolUpdated(PoolId indexed poolId, bytes32 manifestHash, bytes32 witnessSetHash);

    /// @notice Pool `poolId` takes no more work; its bond is free at `withdrawableAt`.
    event PoolClosing(PoolId indexed poolId, uint48 withdrawableAt);

    /// @notice Pool `poolId` is closed and its operator got `amount` back.
    event BondWithdrawn(PoolId indexed poolId, uint96 amount);

    /// @notice The log of pool `poolId` was signed with two histories: `first` and `second` at one size. It lost its
    /// bond, of which `bounty` went to `accuser`.
    event ForkProven(
        PoolId indexed poolId, address indexed accuser, uint64 size, bytes32 first, bytes32 second, uint96 bounty
    );

    /// @notice Pool `poolId` should be `expected` for this, and is `actual`.
    error WrongStatus(PoolId poolId, Status expected, Status actual);

    /// @notice `caller` does not operate pool `poolId`.
    error NotOperator(PoolId poolId, address caller);

    /// @notice A pool needs a bond of at least `minimum`; this one has `actual`.
    error BondTooSmall(uint96 minimum, uint96 actual);

    /// @notice The bond of pool `poolId` is bound until `withdrawableAt`; now it is `timestamp`.
    error StillBonded(PoolId poolId, uint48 withdrawableAt, uint256 timestamp);

    /// @notice An address that must be somebody's is zero.
    error ZeroAddress();

    /// @notice The two checkpoints are one and the same, which is no fork.
    error SameRoot(bytes32 root);

    /// @notice Pool `poolId` did not sign the checkpoint under `root`.
    error NotSigned(PoolId poolId, bytes32 root);

    /// @notice The EIP-712 type of a log's signature under a checkpoint.
    bytes32 public constant LOG_CHECKPOINT_TYPEHASH =
        keccak256("LogCheckpoint(bytes32 originHash,uint64 size,bytes32 root)");

    /// @notice The accuser's share of a lost bond; the treasury gets the rest. An operator that accuses itself, to save
    /// its bond from others, thus loses the greater part of it.
    uint96 public constant BOUNTY_PERCENT = 20;

    /// @notice How long a closing pool's bond still answers for what its log signed.
    uint32 public immutable unbondingSeconds;

    /// @notice The least bond of a pool, in units of 10^-18 OPEN.
    uint96 public minimumBond;

    /// @notice The coin of the bonds.
    IERC20 public immutable token;

    /// @notice Gets what an accuser does not.
    address public immutable treasury;

    mapping(PoolId id => Pool) private _pools;

    /// @param authority The access manager that may change the least bond.
    constructor(address authority, IERC20 open_, address treasury_, uint96 bond, uint32 unbonding)
        AccessManaged(authority)
        EIP712("OpenLedger", "1")
    {
        token = open_;
        treasury = treasury_;
        minimumBond = bond;
        unbondingSeconds = unbonding;
    }

    /// @notice Opens the caller's pool; the caller pays the bond, having approved it in OPEN.
    function open(
        PoolId poolId,
        address logSigner,
        bytes32 logKey,
        bytes32 originHash,
        bytes32 manifestHash,
        bytes32 witnessSetHash,
        uint96 bond
    ) external {
        if (logSigner == address(0)) revert ZeroAddress();
        if (bond < minimumBond) revert BondTooSmall(minimumBond, bond);
        Pool storage pool_ = _pools[poolId];
        _requireStatus(poolId, pool_, Status.Unknown);

        _pools[poolId] =
            Pool(msg.sender, bond, logSigner, 0, Status.Open, logKey, originHash, manifestHash, witnessSetHash);
        emit PoolOpened(poolId, msg.sender, bond, logSigner, logKey, originHash, manifestHash, witnessSetHash);
        token.safeTransferFrom(msg.sender, address(this), bond);
    }

    /// @notice The operator declares other terms or witnesses.
    function update(PoolId poolId, bytes32 manifestHash, bytes32 witnessSetHash) external {
        Pool storage pool_ = _operated(poolId);
        pool_.manifestHash = manifestHash;
        pool_.witnessSetHash = witnessSetHash;
        emit PoolUpdated(poolId, manifestHash, witnessSetHash);
    }

    /// @notice The operator closes the pool. The bond stays bound for the unbonding time.
    function close(PoolId poolId) external {
        Pool storage pool_ = _operated(poolId);
        pool_.status = Status.Closing;
        pool_.withdrawableAt = uint48(block.timestamp + unbondingSeconds);
        emit PoolClosing(poolId, pool_.withdrawableAt);
    }

    /// @notice Returns a closing pool's bond to its operator. Anyone may call this.
    function withdraw(PoolId poolId) external {
        Pool storage pool_ = _pools[poolId];
        _requireStatus(poolId, pool_, Status.Closing);
        if (block.timestamp < pool_.withdrawableAt) {
            revert StillBonded(poolId, pool_.withdrawableAt, block.timestamp);
        }
        uint96 amount = pool_.bond;
        pool_.bond = 0;
        pool_.status = Status.Closed;
        emit BondWithdrawn(poolId, amount);
        token.safeTransfer(pool_.operator, amount);
    }

    /// @notice Shows two signed checkpoints of one size and different roots: the log told two histories. The pool
    /// loses its bond at once; nothing is left to judge, so there is no appeal.
    function proveFork(
        PoolId poolId,
        uint64 size,
        bytes32 first,
        bytes calldata firstSignature,
        bytes32 second,
        bytes calldata secondSignature
    ) external {
        Pool storage pool_ = _pools[poolId];
        if (first == second) revert SameRoot(first);
        if (!_signed(pool_, size, first, firstSignature)) revert NotSigned(poolId, first);
        if (!_signed(pool_, size, second, secondSignature)) revert NotSigned(poolId, second);

        uint96 amount = pool_.bond;
        uint96 bounty = amount * BOUNTY_PERCENT / 100;
        pool_.bond = 0;
        emit ForkProven(poolId, msg.sender, size, first, second, bounty);
        token.safeTransfer(msg.sender, bounty);
        token.safeTransfer(treasury, amount - bounty);
    }

    /// @notice Changes the least bond of pools yet to open.
    function setMinimumBond(uint96 bond) external restricted {
        minimumBond = bond;
    }

    /// @return The pool's record, all zero if it never opened.
    function pool(PoolId poolId) external view returns (Pool memory) {
        return _pools[poolId];
    }

    /// @return What a pool's log signer signs for a checkpoint: the EIP-712 digest under this contract's domain.
    function checkpointDigest(bytes32 originHash, uint64 size, bytes32 root) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(LOG_CHECKPOINT_TYPEHASH, originHash, size, root)));
    }

    /// @return Whether pool `poolId` signed the checkpoint.
    /// @param signature 65 bytes r ‖ s ‖ v, low s.
    function verifyCheckpoint(PoolId poolId, uint64 size, bytes32 root, bytes calldata signature)
        external
        view
        returns (bool)
    {
        return _signed(_pools[poolId], size, root, signature);
    }

    function _signed(Pool storage pool_, uint64 size, bytes32 root, bytes calldata signature)
        private
        view
        returns (bool)
    {
        (address signer,,) = ECDSA.tryRecoverCalldata(checkpointDigest(pool_.originHash, size, root), signature);
        return signer != address(0) && signer == pool_.logSigner;
    }

    function _operated(PoolId poolId) private view returns (Pool storage pool_) {
        pool_ = _pools[poolId];
        _requireStatus(poolId, pool_, Status.Open);
        if (msg.sender != pool_.operator) revert NotOperator(poolId, msg.sender);
    }

    function _requireStatus(PoolId poolId, Pool storage pool_, Status expected) private view {
        if (pool_.status != expected) revert WrongStatus(poolId, expected, pool_.status);
    }
}
