// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {Escrow} from "openledger/Escrow.sol";
import {AccountId, PaymentKey, PoolId} from "openledger/Identifiers.sol";
import {Network} from "./Network.sol";
import {bound, vm} from "./Test.sol";

contract VouchersTest is Network {
    AccountId private constant ACCOUNT = AccountId.wrap(keccak256("a tenant"));
    PoolId private constant POOL = PoolId.wrap(bytes16(uint128(1)));
    PoolId private constant OTHER_POOL = PoolId.wrap(bytes16(uint128(2)));
    uint256 private constant OWNER_SECRET = uint256(keccak256("requester"));
    uint256 private constant SECRET = uint256(keccak256("session key"));
    uint256 private constant N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;

    address private immutable requester = vm.addr(OWNER_SECRET);
    address private immutable key = vm.addr(SECRET);
    uint48 private expiresAt;

    function setUp() public override {
        super.setUp();
        provide(requester, address(escrow), 1000e18);
        vm.prank(requester);
        escrow.deposit(ACCOUNT, 100e18);
        expiresAt = uint48(block.timestamp + 7 days);
    }

    function test_a_voucher_pays_what_is_new_and_is_announced() public {
        authorise(10e18);
        settle(POOL, 2e18);
        vm.expectEmit(address(escrow));
        emit Escrow.VoucherSettled(key, POOL, 1e18, 3e18);
        vm.assertEq(settle(POOL, 3e18), 1e18);

        vm.assertEq(escrow.spent(key, POOL), 3e18);
        vm.assertEq(escrow.session(key).spent, 3e18);
        vm.assertEq(escrow.totalSpent(), 3e18);
    }

    function test_a_voucher_brought_again_or_overtaken_pays_nothing() public {
        authorise(10e18);
        settle(POOL, 3e18);
        vm.assertEq(settle(POOL, 3e18), 0);
        vm.assertEq(settle(POOL, 2e18), 0);
        vm.assertEq(escrow.totalSpent(), 3e18);
    }

    function test_pools_are_paid_apart_and_share_one_cap() public {
        authorise(10e18);
        settle(POOL, 6e18);
        settle(OTHER_POOL, 4e18);
        Escrow.Voucher[] memory vouchers = signed(POOL, 6e18 + 1e9, SECRET);
        vm.expectRevert(abi.encodeWithSelector(Escrow.CapExceeded.selector, key, 0, 1e9));
        escrow.settleMany(vouchers);
    }

    function testFuzz_vouchers_in_any_order_pay_their_largest(uint256 seed) public {
        authorise(10e18);
        uint256 largest;
        for (uint256 i = 0; i < 12; ++i) {
            uint256 cumulative = bound(uint256(keccak256(abi.encode(seed, i))), 1, 1e10) * 1e9;
            settle(POOL, cumulative);
            if (cumulative > largest) largest = cumulative;
        }
        vm.assertEq(escrow.spent(key, POOL), largest);
        vm.assertEq(escrow.session(key).spent, largest);
    }

    function testFuzz_no_voucher_passes_the_cap(uint256 cumulative) public {
        authorise(10e18);
        settle(OTHER_POOL, 1e18);
        cumulative = bound(cumulative, 9e18 / 1e9 + 1, type(uint256).max / 1e9) * 1e9;
        Escrow.Voucher[] memory vouchers = signed(POOL, cumulative, SECRET);
        vm.expectRevert(abi.encodeWithSelector(Escrow.CapExceeded.selector, key, 9e18, cumulative));
        escrow.settleMany(vouchers);
    }

    function testFuzz_a_voucher_that_was_changed_is_refused(uint256 cumulative) public {
        authorise(10e18);
        Escrow.Voucher[] memory vouchers = signed(POOL, 1e18, SECRET);
        vouchers[0].cumulative = cumulative == 1e18 ? 2e18 : cumulative;
        refusesAsForged(vouchers);
    }

    function test_a_voucher_for_another_pool_or_key_is_refused() public {
        authorise(10e18);
        Escrow.Voucher[] memory vouchers = signed(POOL, 1e18, SECRET);
        vouchers[0].pool = OTHER_POOL;
        refusesAsForged(vouchers);
        refusesAsForged(signed(POOL, 1e18, OWNER_SECRET));
    }

    function test_a_voucher_for_another_chain_is_refused() public {
        authorise(10e18);
        vm.chainId(1612);
        Escrow.Voucher[] memory vouchers = signed(POOL, 1e18, SECRET);
        vm.chainId(31_337);
        refusesAsForged(vouchers);
    }

    function test_a_voucher_for_another_contract_is_refused() public {
        authorise(10e18);
        Escrow other = new Escrow(address(manager), open);
        Escrow.Voucher[] memory vouchers = new Escrow.Voucher[](1);
        vouchers[0] = compact(POOL, 1e18, SECRET, other.voucherDigest(key, POOL, 1e18));
        refusesAsForged(vouchers);
    }

    function test_a_key_that_nobody_authorised_pays_nothing() public {
        Escrow.Voucher[] memory vouchers = signed(POOL, 1e18, SECRET);
        vm.expectRevert(abi.encodeWithSelector(Escrow.UnknownKey.selector, key));
        escrow.settleMany(vouchers);
    }

    function test_an_expired_key_pays_nothing() public {
        authorise(10e18);
        Escrow.Voucher[] memory vouchers = signed(POOL, 1e18, SECRET);
        vm.warp(expiresAt);
        vm.expectRevert(abi.encodeWithSelector(Escrow.SessionExpired.selector, key, uint256(expiresAt)));
        escrow.settleMany(vouchers);
    }

    function test_a_voucher_that_the_accounts_cannot_hold_is_refused() public {
        authorise(10e18);
        Escrow.Voucher[] memory vouchers = signed(POOL, 1e18 + 1, SECRET);
        vm.expectRevert(abi.encodeWithSelector(Escrow.NotInNanoOpen.selector, 1e18 + 1, 1e9));
        escrow.settleMany(vouchers);
    }

    function test_one_bad_voucher_spoils_its_batch_and_nothing_else() public {
        authorise(10e18);
        Escrow.Voucher[] memory vouchers = new Escrow.Voucher[](2);
        vouchers[0] = signed(POOL, 1e18, SECRET)[0];
        vouchers[1] = signed(OTHER_POOL, 1e18, OWNER_SECRET)[0];
        refusesAsForged(vouchers);
        vm.assertEq(escrow.totalSpent(), 0);
        settle(POOL, 1e18);
    }

    function test_a_signature_with_a_high_s_authorises_nothing() public {
        bytes32 digest = escrow.sessionKeyDigest(ACCOUNT, requester, key, 10e18, expiresAt);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(OWNER_SECRET, digest);
        bytes32 high = bytes32(N - uint256(s));
        bytes memory signature = abi.encodePacked(r, high, v == 27 ? uint8(28) : uint8(27));
        vm.expectRevert(abi.encodeWithSelector(ECDSA.ECDSAInvalidSignatureS.selector, high));
        escrow.authoriseFor(ACCOUNT, requester, key, 10e18, expiresAt, signature);
        escrow.authoriseFor(ACCOUNT, requester, key, 10e18, expiresAt, abi.encodePacked(r, s, v));
        vm.assertEq(escrow.session(key).cap, 10e18);
    }

    function test_an_authorisation_is_the_depositors_alone() public {
        bytes32 digest = escrow.sessionKeyDigest(ACCOUNT, requester, key, 10e18, expiresAt);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(SECRET, digest);
        vm.expectRevert(abi.encodeWithSelector(Escrow.WrongSigner.selector, requester, key));
        escrow.authoriseFor(ACCOUNT, requester, key, 10e18, expiresAt, abi.encodePacked(r, s, v));
    }

    function test_an_authorisation_counts_once() public {
        bytes32 digest = escrow.sessionKeyDigest(ACCOUNT, requester, key, 10e18, expiresAt);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(OWNER_SECRET, digest);
        escrow.authoriseFor(ACCOUNT, requester, key, 10e18, expiresAt, abi.encodePacked(r, s, v));
        vm.expectRevert(abi.encodeWithSelector(Escrow.KeyUsed.selector, key));
        escrow.authoriseFor(ACCOUNT, requester, key, 10e18, expiresAt, abi.encodePacked(r, s, v));
        vm.warp(expiresAt);
        escrow.release(key);
        vm.expectRevert(abi.encodeWithSelector(Escrow.KeyUsed.selector, key));
        escrow.authoriseFor(ACCOUNT, requester, key, 10e18, expiresAt, abi.encodePacked(r, s, v));
    }

    function test_what_a_key_may_spend_cannot_be_withdrawn_nor_promised_twice() public {
        authorise(60e18);
        vm.assertEq(escrow.available(ACCOUNT, requester), 40e18);
        bytes memory refused =
            abi.encodeWithSelector(Escrow.WithdrawalExceedsDeposits.selector, ACCOUNT, requester, 40e18, 41e18);
        vm.expectRevert(refused);
        vm.prank(operator);
        escrow.withdraw(ACCOUNT, requester, 41e18, PaymentKey.wrap("one"));
        vm.expectRevert(refused);
        vm.prank(requester);
        escrow.authorise(ACCOUNT, stranger, 41e18, expiresAt);
    }

    function test_a_revoked_key_pays_for_a_day_and_then_returns_the_rest() public {
        authorise(60e18);
        vm.prank(requester);
        escrow.revoke(key);
        uint256 end = block.timestamp + 1 days;
        vm.warp(end - 1);
        settle(POOL, 20e18);
        vm.expectRevert(abi.encodeWithSelector(Escrow.SessionRunning.selector, key, end));
        escrow.release(key);

        vm.warp(end);
        escrow.release(key);
        vm.assertEq(escrow.available(ACCOUNT, requester), 80e18);
        vm.expectRevert(abi.encodeWithSelector(Escrow.AlreadyReleased.selector, key));
        escrow.release(key);
    }

    function test_a_revocation_lengthens_nothing_and_is_the_depositors() public {
        authorise(60e18);
        vm.warp(expiresAt - 1 hours);
        vm.prank(requester);
        escrow.revoke(key);
        vm.assertEq(escrow.session(key).expiresAt, expiresAt);
        vm.expectRevert(abi.encodeWithSelector(Escrow.NotDepositor.selector, requester, stranger));
        vm.prank(stranger);
        escrow.revoke(key);
    }

    function test_a_key_that_would_expire_at_once_is_refused() public {
        uint256 soonest = block.timestamp + 1 days;
        vm.expectRevert(abi.encodeWithSelector(Escrow.ExpiresTooSoon.selector, soonest, soonest - 1));
        vm.prank(requester);
        escrow.authorise(ACCOUNT, key, 1e18, uint48(soonest - 1));
    }

    function authorise(uint96 cap) private {
        vm.prank(requester);
        escrow.authorise(ACCOUNT, key, cap, expiresAt);
    }

    function settle(PoolId pool, uint256 cumulative) private returns (uint256) {
        return escrow.settleMany(signed(pool, cumulative, SECRET));
    }

    function refusesAsForged(Escrow.Voucher[] memory vouchers) private {
        (bool settled, bytes memory reason) = address(escrow).call(abi.encodeCall(Escrow.settleMany, (vouchers)));
        vm.assertFalse(settled, "a forged voucher was settled");
        vm.assertEq(bytes32(bytes4(reason)), bytes32(Escrow.WrongSigner.selector));
    }

    function signed(PoolId pool, uint256 cumulative, uint256 secret)
        private
        view
        returns (Escrow.Voucher[] memory vouchers)
    {
        vouchers = new Escrow.Voucher[](1);
        vouchers[0] = compact(pool, cumulative, secret, escrow.voucherDigest(key, pool, cumulative));
    }

    function compact(PoolId pool, uint256 cumulative, uint256 secret, bytes32 digest)
        private
        view
        returns (Escrow.Voucher memory)
    {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(secret, digest);
        return Escrow.Voucher(key, pool, cumulative, r, bytes32(uint256(s) | uint256(v - 27) << 255));
    }
}
