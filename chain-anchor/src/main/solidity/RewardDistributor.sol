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
contract RewardDistributor is AccessManaged {
    using SafeERC20 for IERC20;
    using SafeCast for uint256;

    /// @notice Epoch `epoch` pays by `root`: all accounts together earned `total` since the beginning.
    event EpochPublished(uint64 indexed epoch, bytes32 root, uint256 total);

    /// @notice `account` was paid `amount`, and `cumulative` since the beginning.
    event Claimed(address indexed account, uint256 amount, uint256 cumulative);

    /// @notice The distributor is at epoch `expected`; the publisher spoke of `actual`.
    error StaleEpoch(uint64 expected, uint64 actual);

    /// @notice Epochs count upwards; `toEpoch` is not above `fromEpoch`.
    error EpochDoesNotGrow(uint64 fromEpoch, uint64 toEpoch);

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
        if (fromEpoch != _epoch) revert StaleEpoch(_epoch, fromEpoch);
        if (toEpoch <= fromEpoch) revert EpochDoesNotGrow(fromEpoch, toEpoch);
        if (total_ < _total) revert TotalFell(_total, total_);
        uint256 available = token.balanceOf(address(this)) + _totalClaimed;
        if (total_ > available) revert Underfunded(available, total_);

        _root = root_;
        _epoch = toEpoch;
        _total = total_.toUint96();
        emit EpochPublished(toEpoch, root_, total_);
    }

    /// @notice Pays `account` what it earned and was not paid yet. Anyone may call this: the OPEN goes to `account`,
    /// so a contributor without gas can have it relayed.
    /// @param cumulative What `account` earned since the beginning.
    /// @param proof Its path in the current epoch's tree.
    /// @return paid Zero if `account` has had it all.
    function claim(address account, uint256 cumulative, bytes32[] calldata proof) external returns (uint256 paid) {
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

    /// @return The current epoch; zero before the first.
    function epoch() external view returns (uint64) {
        return _epoch;
    }

    /// @return The current epoch's root.
    function root() external view returns (bytes32) {
        return _root;
    }

    /// @return What all accounts earned since the beginning.
    function total() external view returns (uint256) {
        return _total;
    }

    /// @return What all accounts were paid since the beginning.
    function totalClaimed() external view returns (uint256) {
        return _totalClaimed;
    }

    /// @return What `account` was paid since the beginning.
    function claimed(address account) external view returns (uint256) {
        return _claimed[account];
    }
}
