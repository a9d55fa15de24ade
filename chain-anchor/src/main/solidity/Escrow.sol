// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {AccountId, PaymentKey, PoolId} from "./Identifiers.sol";

/// @title Escrow
/// @notice Holds the OPEN that requesters put into their accounts. It leaves by two doors only: back to whom it
/// came from, and on to a reward distributor, for work that was settled.
/// @dev What each account may still spend is decided in the network's journal; the chain holds the sum and keeps
/// the doors. A stolen operator key cannot return more to a depositor than that depositor brought, nor send a deposit
/// to a stranger from here; but it can send all that is held on to an allowed distributor and publish an epoch there that
/// pays the thief. Against that stand the distributor's time of challenge and a judge who is not this key. Accounts are kept in nano-OPEN, so each amount here is a multiple of {NANO_OPEN}.
///
/// A depositor may let a session key spend a part: the part is locked at once, so that whoever holds a voucher of
/// that key knows it to be covered, whatever the depositor does afterwards. A voucher says what a pool was promised
/// since the beginning; settling it pays what is new. What vouchers paid is settled work: it stays here until it is
/// funded, and returns to nobody.
contract Escrow is AccessManaged, EIP712 {
    using SafeERC20 for IERC20;
    using SafeCast for uint256;

    /// @param deposited All that a depositor ever brought to an account.
    /// @param withdrawn All that ever went back to that depositor.
    /// @param payee Where withdrawals go, if not to the depositor.
    /// @param locked What session keys may still spend, and all they ever spent.
    struct Deposits {
        uint128 deposited;
        uint128 withdrawn;
        address payee;
        uint96 locked;
    }

    /// @notice What a depositor lets a key spend. Settling a voucher touches the first slot alone.
    /// @param cap The most that vouchers of this key pay, over all pools.
    /// @param spent What they paid so far.
    /// @param expiresAt From this second on no voucher is settled, and what is left can be released.
    /// @param released Whether it was.
    struct Session {
        uint96 cap;
        uint96 spent;
        uint48 expiresAt;
        bool released;
        address depositor;
        AccountId account;
    }

    /// @notice A session key's word that `pool` was promised `cumulative` since the beginning.
    /// @param r The signature over {voucherDigest}, in its compact form (ERC-2098).
    /// @param vs Its other half.
    struct Voucher {
        address key;
        PoolId pool;
        uint256 cumulative;
        bytes32 r;
        bytes32 vs;
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

    /// @notice `key` may spend `cap` of what `depositor` brought to `account`, before `expiresAt`.
    event SessionAuthorised(
        address indexed key, AccountId indexed account, address indexed depositor, uint256 cap, uint48 expiresAt
    );

    /// @notice `key` expires at `expiresAt`, sooner than it was said at first.
    event SessionRevoked(address indexed key, uint48 expiresAt);

    /// @notice `key` expired, and the `amount` that it did not spend belongs to its depositor's balance again.
    event SessionReleased(address indexed key, uint256 amount);

    /// @notice A voucher of `key` paid `amount` for the work of `pool`, and `cumulative` since the beginning.
    event VoucherSettled(address indexed key, PoolId indexed pool, uint256 amount, uint256 cumulative);

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

    /// @notice A key is authorised once and for all, so that no old voucher counts under new terms; `key` was before.
    error KeyUsed(address key);

    /// @notice `key` was not authorised here.
    error UnknownKey(address key);

    /// @notice What `key` would sign was signed by `signer`, or for another chain, contract or content.
    error WrongSigner(address key, address signer);

    /// @notice A key lasts until `soonest` at the least, so that there is time to settle; `expiresAt` is sooner.
    error ExpiresTooSoon(uint256 soonest, uint256 expiresAt);

    /// @notice `key` expired at `expiresAt`.
    error SessionExpired(address key, uint256 expiresAt);

    /// @notice `key` can still spend until `expiresAt`.
    error SessionRunning(address key, uint256 expiresAt);

    /// @notice What `key` left was released before.
    error AlreadyReleased(address key);

    /// @notice `key` has `left` to spend, less than the `amount` of this voucher that is new.
    error CapExceeded(address key, uint256 left, uint256 amount);

    /// @notice `depositor` alone may do this with its key, not `caller`.
    error NotDepositor(address depositor, address caller);

    /// @notice What the owner of a deposit signs to let a key spend.
    bytes32 public constant SESSION_KEY_TYPEHASH =
        keccak256("SessionKey(bytes32 account,address depositor,address key,uint96 cap,uint48 expiresAt)");

    /// @notice What that key signs to pay.
    bytes32 public constant VOUCHER_TYPEHASH = keccak256("Voucher(address key,bytes16 pool,uint256 cumulative)");

    /// @notice How long vouchers can be settled, at the least, after a key was authorised or revoked.
    uint256 public constant NOTICE_SECONDS = 1 days;

    /// @notice The smallest amount the accounts know, in units of 10^-18 OPEN.
    uint256 public constant NANO_OPEN = 1e9;

    /// @notice The coin held here.
    IERC20 public immutable token;

    mapping(AccountId account => mapping(address depositor => Deposits)) private _deposits;
    mapping(PaymentKey key => bool) private _paid;
    mapping(address distributor => bool) private _distributors;
    mapping(address key => Session) private _sessions;
    mapping(address key => mapping(PoolId pool => uint256)) private _spent;

    uint128 private _totalDeposited;
    uint128 private _totalWithdrawn;
    uint128 private _totalFunded;
    uint128 private _totalSpent;

    /// @param authority The access manager that decides who may withdraw, fund and allow distributors.
    /// @param open The coin held here: a plain ERC-20 that moves exactly the amount it is told.
    constructor(address authority, IERC20 open) AccessManaged(authority) EIP712("OpenLedger", "1") {
        token = open;
    }

    /// @notice Brings `amount` to `account`, having approved it in OPEN. The deposit counts in the network once
    /// its block is final.
    function deposit(AccountId account, uint256 amount) external {
        _credit(account, amount);
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
        uint256 free = _available(deposits_);
        if (amount > free) revert WithdrawalExceedsDeposits(account, depositor, free, amount);

        uint128 returned = amount.toUint128();
        deposits_.withdrawn += returned;
        _totalWithdrawn += returned;
        address payee = payeeOf(account, depositor);
        emit Withdrawn(key, account, depositor, payee, amount);
        _return(account, depositor, payee, amount);
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

    /// @notice Lets `key` spend up to `cap` of what the caller brought to `account`, until `expiresAt`. That much is
    /// locked until then.
    function authorise(AccountId account, address key, uint96 cap, uint48 expiresAt) external {
        _authorise(account, msg.sender, key, cap, expiresAt);
    }

    /// @notice The same for a depositor without gas, who signed it.
    /// @param signature The depositor's, over {sessionKeyDigest}.
    function authoriseFor(
        AccountId account,
        address depositor,
        address key,
        uint96 cap,
        uint48 expiresAt,
        bytes calldata signature
    ) external {
        address signer = ECDSA.recoverCalldata(sessionKeyDigest(account, depositor, key, cap, expiresAt), signature);
        if (signer != depositor) revert WrongSigner(depositor, signer);
        _authorise(account, depositor, key, cap, expiresAt);
    }

    /// @notice Ends the caller's `key` after {NOTICE_SECONDS}, if it does not end sooner: what it signed can be settled
    /// until then.
    function revoke(address key) external {
        Session storage session_ = _known(key);
        if (msg.sender != session_.depositor) revert NotDepositor(session_.depositor, msg.sender);
        uint48 notice = uint48(block.timestamp + NOTICE_SECONDS);
        if (notice >= session_.expiresAt) return;
        session_.expiresAt = notice;
        emit SessionRevoked(key, notice);
    }

    /// @notice Gives what an expired `key` did not spend back to its depositor's balance. Anyone may call this.
    function release(address key) external {
        Session storage session_ = _known(key);
        if (block.timestamp < session_.expiresAt) revert SessionRunning(key, session_.expiresAt);
        if (session_.released) revert AlreadyReleased(key);
        session_.released = true;
        uint96 left = session_.cap - session_.spent;
        _deposits[session_.account][session_.depositor].locked -= left;
        emit SessionReleased(key, left);
    }

    /// @notice Pays what is new in each voucher. Anyone may bring them, in any order, and as often as needed: a voucher
    /// that was overtaken by a larger one pays nothing.
    /// @return paid What is new in all of them together.
    function settleMany(Voucher[] calldata vouchers) external returns (uint256 paid) {
        for (uint256 i = 0; i < vouchers.length; ++i) {
            paid += _settle(vouchers[i]);
        }
        if (paid != 0) _totalSpent += paid.toUint128();
    }

    /// @return The digest that a depositor signs for {authoriseFor}.
    function sessionKeyDigest(AccountId account, address depositor, address key, uint96 cap, uint48 expiresAt)
        public
        view
        returns (bytes32)
    {
        return _hashTypedDataV4(keccak256(abi.encode(SESSION_KEY_TYPEHASH, account, depositor, key, cap, expiresAt)));
    }

    /// @return The digest that `key` signs to promise `pool` the sum `cumulative` since the beginning.
    function voucherDigest(address key, PoolId pool, uint256 cumulative) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(VOUCHER_TYPEHASH, key, pool, cumulative)));
    }

    /// @return What was agreed about `key`, and what it spent.
    function session(address key) external view returns (Session memory) {
        return _sessions[key];
    }

    /// @return What vouchers of `key` paid for the work of `pool`.
    function spent(address key, PoolId pool) external view returns (uint256) {
        return _spent[key][pool];
    }

    /// @return What all vouchers ever paid.
    function totalSpent() external view returns (uint256) {
        return _totalSpent;
    }

    /// @return What `depositor` brought to `account` and can have back: neither returned nor locked.
    function available(AccountId account, address depositor) external view returns (uint256) {
        return _available(_deposits[account][depositor]);
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

    /// @dev Books what the caller brings; whoever calls this sees to it that it comes.
    function _credit(AccountId account, uint256 amount) internal {
        _requireNanoOpen(amount);
        uint128 brought = amount.toUint128();
        _deposits[account][msg.sender].deposited += brought;
        _totalDeposited += brought;
        emit Deposited(account, msg.sender, amount);
    }

    /// @dev Gives a withdrawal that is booked to its payee.
    function _return(AccountId, address, address payee, uint256 amount) internal virtual {
        token.safeTransfer(payee, amount);
    }

    function _authorise(AccountId account, address depositor, address key, uint96 cap, uint48 expiresAt) private {
        _requireNanoOpen(cap);
        Session storage session_ = _sessions[key];
        if (session_.depositor != address(0)) revert KeyUsed(key);
        uint256 soonest = block.timestamp + NOTICE_SECONDS;
        if (expiresAt < soonest) revert ExpiresTooSoon(soonest, expiresAt);
        Deposits storage deposits_ = _deposits[account][depositor];
        uint256 free = _available(deposits_);
        if (cap > free) revert WithdrawalExceedsDeposits(account, depositor, free, cap);

        deposits_.locked += cap;
        session_.cap = cap;
        session_.expiresAt = expiresAt;
        session_.depositor = depositor;
        session_.account = account;
        emit SessionAuthorised(key, account, depositor, cap, expiresAt);
    }

    function _settle(Voucher calldata voucher) private returns (uint256 increment) {
        address key = voucher.key;
        address signer = ECDSA.recover(voucherDigest(key, voucher.pool, voucher.cumulative), voucher.r, voucher.vs);
        if (signer != key) revert WrongSigner(key, signer);
        Session storage session_ = _sessions[key];
        (uint256 cap, uint256 before, uint256 expiresAt) = (session_.cap, session_.spent, session_.expiresAt);
        if (cap == 0) revert UnknownKey(key);
        if (block.timestamp >= expiresAt) revert SessionExpired(key, expiresAt);
        _requireNanoOpen(voucher.cumulative);
        uint256 settled = _spent[key][voucher.pool];
        if (voucher.cumulative <= settled) return 0;

        increment = voucher.cumulative - settled;
        if (increment > cap - before) revert CapExceeded(key, cap - before, increment);
        // It fits: the sum is no more than the cap.
        // forge-lint: disable-next-line(unsafe-typecast)
        session_.spent = uint96(before + increment);
        _spent[key][voucher.pool] = voucher.cumulative;
        emit VoucherSettled(key, voucher.pool, increment, voucher.cumulative);
    }

    function _known(address key) private view returns (Session storage session_) {
        session_ = _sessions[key];
        if (session_.depositor == address(0)) revert UnknownKey(key);
    }

    function _available(Deposits storage deposits_) private view returns (uint256) {
        return deposits_.deposited - deposits_.withdrawn - deposits_.locked;
    }

    function _payOnce(PaymentKey key) private {
        if (_paid[key]) revert AlreadyPaid(key);
        _paid[key] = true;
    }

    function _requireNanoOpen(uint256 amount) private pure {
        if (amount == 0 || amount % NANO_OPEN != 0) revert NotInNanoOpen(amount, NANO_OPEN);
    }
}
