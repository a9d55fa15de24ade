// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @title RewardDistributor
/// @notice Pays what the network earned for its contributors. Each epoch publishes one root over what every
/// account earned in all its life; an account claims the difference to what it was paid before.
/// @dev Earnings only add up, so a claim left out costs nothing, a claim made twice pays nothing, and one proof
/// replaces all earlier ones. The tree is OpenZeppelin's StandardMerkleTree of (address account, uint256 earned):
/// anyone can rebuild it from the published earnings. Always: claimed ≤ published ≤ balance + claimed.
///
/// An epoch may have to wait before it pays: for {challengeSeconds} anybody can rebuild its root, and whoever may
/// {reject} takes it back if it is wrong. Until then the epoch before it pays.
contract RewardDistributor is AccessManaged {
    using SafeERC20 for IERC20;
    using SafeCast for uint256;

    /// @notice Epoch `epoch` pays by `root`: all accounts together earned `total` since the beginning.
    event EpochPublished(uint64 indexed epoch, bytes32 root, uint256 total);

    /// @notice Epoch `epoch` pays from `paysAt` on, unless it is rejected before.
    event EpochWaits(uint64 indexed epoch, uint48 paysAt);

    /// @notice Epoch `epoch` with `root` was found wrong in its time of challenge: the one before it stands.
    event EpochRejected(uint64 indexed epoch, bytes32 root);

    /// @notice Epochs that are published from now on wait for `challengeSeconds`.
    event ChallengeSecondsChanged(uint32 challengeSeconds);

    /// @notice `account` was paid `amount`, and `cumulative` since the beginning.
    event Claimed(address indexed account, uint256 amount, uint256 cumulative);

    /// @notice The distributor is at epoch `expected`; the publisher spoke of `actual`.
    error StaleEpoch(uint64 expected, uint64 actual);

    /// @notice Epochs count upwards; `toEpoch` is not above `fromEpoch`.
    error EpochDoesNotGrow(uint64 fromEpoch, uint64 toEpoch);

    /// @notice Epoch `epoch` can be challenged until `paysAt`; only then comes the next.
    error ChallengeRunning(uint64 epoch, uint256 paysAt);

    /// @notice Epoch `epoch` does not wait: it pays already, or was never published.
    error NothingToReject(uint64 epoch);

    /// @notice Earnings only add up; `total` is below the `published` of an earlier epoch.
    error TotalFell(uint256 published, uint256 total);

    /// @notice Only `available` was ever funded, which does not cover `total`.
    error Underfunded(uint256 available, uint256 total);

    /// @notice The proof does not show that the current epoch's root gives `account` the sum `cumulative`.
    error InvalidProof(address account, uint256 cumulative);

    /// @notice With this claim the accounts would have been paid `claimed`, above the epoch's `total`: the root
    /// promises more than was published.
    error ClaimsExceedTotal(uint256 total, uint256 claimed);

    /// @notice The coin paid out.
    IERC20 public immutable token;

    bytes32 private _root;

    // One slot: a claim reads and writes all of it.
    uint64 private _epoch;
    uint96 private _total;
    uint96 private _totalClaimed;

    /// @dev What was published and does not pay yet; all zero if nothing waits.
    struct Waiting {
        uint64 epoch;
        uint96 total;
        uint48 paysAt;
        bytes32 root;
    }

    Waiting private _waiting;
    uint32 private _challengeSeconds;

    mapping(address account => uint256) private _claimed;

    /// @param authority The access manager that decides who may publish.
    /// @param open The coin paid out.
    constructor(address authority, IERC20 open) AccessManaged(authority) {
        token = open;
    }

    /// @notice Moves the distributor from `fromEpoch` to `toEpoch`.
    /// @param fromEpoch The epoch the publisher believes to be current. If the chain disagrees the call is refused,
    /// so the same epoch may be sent as often as needed and takes effect once.
    /// @param root_ The root over (account, what it earned since the beginning).
    /// @param total_ The sum of those earnings, which the OPEN funded so far must cover.
    function publish(uint64 fromEpoch, uint64 toEpoch, bytes32 root_, uint256 total_) external restricted {
        _letPay();
        if (_waiting.epoch != 0) revert ChallengeRunning(_waiting.epoch, _waiting.paysAt);
        if (fromEpoch != _epoch) revert StaleEpoch(_epoch, fromEpoch);
        if (toEpoch <= fromEpoch) revert EpochDoesNotGrow(fromEpoch, toEpoch);
        if (total_ < _total) revert TotalFell(_total, total_);
        uint256 available = token.balanceOf(address(this)) + _totalClaimed;
        if (total_ > available) revert Underfunded(available, total_);

        emit EpochPublished(toEpoch, root_, total_);
        if (_challengeSeconds == 0) {
            _root = root_;
            _epoch = toEpoch;
            _total = total_.toUint96();
            return;
        }
        uint48 end = uint48(block.timestamp + _challengeSeconds);
        _waiting = Waiting(toEpoch, total_.toUint96(), end, root_);
        emit EpochWaits(toEpoch, end);
    }

    /// @notice Takes back an epoch that waits, since its root is wrong. What it promised is paid by a later one.
    function reject(uint64 epoch_) external restricted {
        _letPay();
        if (_waiting.epoch == 0 || _waiting.epoch != epoch_) revert NothingToReject(epoch_);
        emit EpochRejected(epoch_, _waiting.root);
        delete _waiting;
    }

    /// @notice Lets epochs that are published from now on wait for so long.
    function setChallengeSeconds(uint32 challengeSeconds_) external restricted {
        _challengeSeconds = challengeSeconds_;
        emit ChallengeSecondsChanged(challengeSeconds_);
    }

    /// @notice Pays `account` what it earned and was not paid yet. Anyone may call this: the OPEN goes to `account`,
    /// so a contributor without gas can have it relayed.
    /// @param cumulative What `account` earned since the beginning.
    /// @param proof Its path in the current epoch's tree.
    /// @return paid Zero if `account` has had it all.
    function claim(address account, uint256 cumulative, bytes32[] calldata proof) external returns (uint256 paid) {
        _letPay();
        // Hashed twice, so that no inner node of the tree can pass for somebody's earnings.
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(account, cumulative))));
        if (!MerkleProof.verifyCalldata(proof, _root, leaf)) revert InvalidProof(account, cumulative);
        uint256 before = _claimed[account];
        if (cumulative <= before) return 0;

        paid = cumulative - before;
        uint256 totalClaimed_ = _totalClaimed + paid;
        if (totalClaimed_ > _total) revert ClaimsExceedTotal(_total, totalClaimed_);
        _claimed[account] = cumulative;
        _totalClaimed = totalClaimed_.toUint96();
        emit Claimed(account, paid, cumulative);
        token.safeTransfer(account, paid);
    }

    /// @return The last epoch that was published; zero before the first.
    function epoch() external view returns (uint64) {
        return _waiting.epoch != 0 ? _waiting.epoch : _epoch;
    }

    /// @return That epoch's root.
    function root() external view returns (bytes32) {
        return _waiting.epoch != 0 ? _waiting.root : _root;
    }

    /// @return What all accounts earned since the beginning, by that epoch.
    function total() external view returns (uint256) {
        return _waiting.epoch != 0 ? _waiting.total : _total;
    }

    /// @return From when on that epoch pays; zero if it did not have to wait, or somebody has claimed since.
    function paysAt() external view returns (uint48) {
        return _waiting.paysAt;
    }

    /// @return How long an epoch that is published now waits.
    function challengeSeconds() external view returns (uint32) {
        return _challengeSeconds;
    }

    /// @return What all accounts were paid since the beginning.
    function totalClaimed() external view returns (uint256) {
        return _totalClaimed;
    }

    /// @return What `account` was paid since the beginning.
    function claimed(address account) external view returns (uint256) {
        return _claimed[account];
    }

    /// @dev What was published pays, once its time of challenge is over.
    function _letPay() private {
        if (_waiting.epoch == 0 || block.timestamp < _waiting.paysAt) return;
        _epoch = _waiting.epoch;
        _total = _waiting.total;
        _root = _waiting.root;
        delete _waiting;
    }
}
