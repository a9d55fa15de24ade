// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {AccountId, PaymentKey} from "./Identifiers.sol";

/// @title Escrow
/// @notice Holds the OPEN that requesters put into their accounts. It leaves by two doors only: back to whom it
/// came from, and on to a reward distributor, for work that was settled.
/// @dev What each account may still spend is decided in the network's journal; the chain holds the sum and keeps
/// the doors. Even a stolen operator key cannot send a deposit to a stranger, nor return more to a depositor than
/// that depositor brought. Accounts are kept in nano-OPEN, so each amount here is a multiple of {NANO_OPEN}.
contract Escrow is AccessManaged {
    using SafeERC20 for IERC20;
    using SafeCast for uint256;

    /// @param deposited All that a depositor ever brought to an account.
    /// @param withdrawn All that ever went back to that depositor.
    /// @param payee Where withdrawals go, if not to the depositor.
    struct Deposits {
        uint128 deposited;
        uint128 withdrawn;
        address payee;
    }

    /// @notice `depositor` brought `amount` to `account`.
    event Deposited(AccountId indexed account, address indexed depositor, uint256 amount);

    /// @notice What `depositor` brought to `account` will return to `payee`.
    event PayeeChanged(AccountId indexed account, address indexed depositor, address payee);

    /// @notice `amount` of what `depositor` brought to `account` went back, to `payee`.
    event Withdrawn(
        PaymentKey indexed key, AccountId indexed account, address indexed depositor, address payee, uint256 amount
    );

    /// @notice `amount` went on to `distributor`, for work that was settled.
    event Funded(PaymentKey indexed key, address indexed distributor, uint256 amount);

    /// @notice Whether OPEN may leave to `distributor`.
    event DistributorChanged(address indexed distributor, bool allowed);

    /// @notice An amount is a multiple of `unit` above zero; `amount` is not.
    error NotInNanoOpen(uint256 amount, uint256 unit);

    /// @notice The payment `key` was made before.
    error AlreadyPaid(PaymentKey key);

    /// @notice `depositor` has `available` left to withdraw from `account`, less than `requested`.
    error WithdrawalExceedsDeposits(AccountId account, address depositor, uint256 available, uint256 requested);

    /// @notice OPEN does not leave to `distributor`.
    error UnknownDistributor(address distributor);

    /// @notice The smallest amount the accounts know, in units of 10^-18 OPEN.
    uint256 public constant NANO_OPEN = 1e9;

    /// @notice The coin held here.
    IERC20 public immutable token;

    mapping(AccountId account => mapping(address depositor => Deposits)) private _deposits;
    mapping(PaymentKey key => bool) private _paid;
    mapping(address distributor => bool) private _distributors;

    uint128 private _totalDeposited;
    uint128 private _totalWithdrawn;
    uint128 private _totalFunded;

    /// @param authority The access manager that decides who may withdraw, fund and allow distributors.
    /// @param open The coin held here: a plain ERC-20 that moves exactly the amount it is told.
    constructor(address authority, IERC20 open) AccessManaged(authority) {
        token = open;
    }

    /// @notice Brings `amount` to `account`, having approved it in OPEN. The deposit counts in the network once
    /// its block is final.
    function deposit(AccountId account, uint256 amount) external {
        _requireNanoOpen(amount);
        uint128 brought = amount.toUint128();
        _deposits[account][msg.sender].deposited += brought;
        _totalDeposited += brought;
        emit Deposited(account, msg.sender, amount);
        token.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @notice Chooses where the caller's own deposits in `account` return to; zero means to the caller.
    function setPayee(AccountId account, address payee) external {
        _deposits[account][msg.sender].payee = payee;
        emit PayeeChanged(account, msg.sender, payeeOf(account, msg.sender));
    }

    /// @notice Returns `amount` of what `depositor` brought to `account`.
    /// @param key Names the payment. A second payment under the same key is refused, so the operator's outbox may
    /// retry as often as it likes.
    function withdraw(AccountId account, address depositor, uint256 amount, PaymentKey key) external restricted {
        _requireNanoOpen(amount);
        _payOnce(key);
        Deposits storage deposits_ = _deposits[account][depositor];
        uint256 available = deposits_.deposited - deposits_.withdrawn;
        if (amount > available) revert WithdrawalExceedsDeposits(account, depositor, available, amount);

        uint128 returned = amount.toUint128();
        deposits_.withdrawn += returned;
        _totalWithdrawn += returned;
        address payee = payeeOf(account, depositor);
        emit Withdrawn(key, account, depositor, payee, amount);
        token.safeTransfer(payee, amount);
    }

    /// @notice Moves `amount` on to `distributor`, for work that was settled.
    /// @param key Names the payment, as in {withdraw}.
    function fund(address distributor, uint256 amount, PaymentKey key) external restricted {
        _requireNanoOpen(amount);
        if (!_distributors[distributor]) revert UnknownDistributor(distributor);
        _payOnce(key);

        _totalFunded += amount.toUint128();
        emit Funded(key, distributor, amount);
        token.safeTransfer(distributor, amount);
    }

    /// @notice Opens or shuts the door to `distributor`.
    function setDistributor(address distributor, bool allowed) external restricted {
        _distributors[distributor] = allowed;
        emit DistributorChanged(distributor, allowed);
    }

    /// @return What `depositor` brought to `account`, what went back, and where it goes back to.
    function deposits(AccountId account, address depositor) external view returns (Deposits memory) {
        Deposits memory deposits_ = _deposits[account][depositor];
        deposits_.payee = payeeOf(account, depositor);
        return deposits_;
    }

    /// @return Where withdrawals of `depositor` from `account` go.
    function payeeOf(AccountId account, address depositor) public view returns (address) {
        address payee = _deposits[account][depositor].payee;
        return payee == address(0) ? depositor : payee;
    }

    /// @return Whether the payment `key` was made.
    function isPaid(PaymentKey key) external view returns (bool) {
        return _paid[key];
    }

    /// @return Whether OPEN may leave to `distributor`.
    function isDistributor(address distributor) external view returns (bool) {
        return _distributors[distributor];
    }

    /// @notice All that ever came, went back and went on. What is held here is the first less the others.
    function totals() external view returns (uint256 deposited, uint256 withdrawn, uint256 funded) {
        return (_totalDeposited, _totalWithdrawn, _totalFunded);
    }

    function _payOnce(PaymentKey key) private {
        if (_paid[key]) revert AlreadyPaid(key);
        _paid[key] = true;
    }

    function _requireNanoOpen(uint256 amount) private pure {
        if (amount == 0 || amount % NANO_OPEN != 0) revert NotInNanoOpen(amount, NANO_OPEN);
    }
}
