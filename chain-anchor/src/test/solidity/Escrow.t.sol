// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {Escrow} from "openledger/Escrow.sol";
import {AccountId, PaymentKey} from "openledger/Identifiers.sol";
import {Network} from "./Network.sol";
import {bound, vm} from "./Test.sol";

contract EscrowTest is Network {
    AccountId private constant ACCOUNT = AccountId.wrap(keccak256("a tenant"));
    PaymentKey private constant FIRST = PaymentKey.wrap(keccak256("first payment"));
    PaymentKey private constant SECOND = PaymentKey.wrap(keccak256("second payment"));

    address private immutable requester = vm.addr(uint256(keccak256("requester")));

    function setUp() public override {
        super.setUp();
        provide(requester, address(escrow), 1000e18);
    }

    function test_a_deposit_is_held_and_announced() public {
        vm.expectEmit(address(escrow));
        emit Escrow.Deposited(ACCOUNT, requester, 10e18);
        deposit(10e18);

        vm.assertEq(open.balanceOf(address(escrow)), 10e18);
        vm.assertEq(escrow.deposits(ACCOUNT, requester).deposited, 10e18);
        vm.assertEq(escrow.deposits(ACCOUNT, requester).payee, requester);
    }

    function testFuzz_a_deposit_that_the_accounts_cannot_hold_is_refused(uint256 amount) public {
        amount = bound(amount, 0, 1000e18);
        if (amount % 1e9 == 0) amount = 0;
        vm.expectRevert(abi.encodeWithSelector(Escrow.NotInNanoOpen.selector, amount, 1e9));
        deposit(amount);
    }

    function test_a_withdrawal_returns_to_the_depositor_and_is_announced() public {
        deposit(10e18);
        vm.expectEmit(address(escrow));
        emit Escrow.Withdrawn(FIRST, ACCOUNT, requester, requester, 4e18);
        withdraw(4e18, FIRST);

        vm.assertEq(open.balanceOf(requester), 994e18);
        vm.assertEq(escrow.deposits(ACCOUNT, requester).withdrawn, 4e18);
        vm.assertTrue(escrow.isPaid(FIRST));
        vm.assertFalse(escrow.isPaid(SECOND));
    }

    function test_a_withdrawal_goes_where_the_depositor_said() public {
        deposit(10e18);
        vm.prank(requester);
        escrow.setPayee(ACCOUNT, stranger);
        withdraw(4e18, FIRST);
        vm.assertEq(open.balanceOf(stranger), 4e18);

        vm.prank(requester);
        escrow.setPayee(ACCOUNT, address(0));
        withdraw(1e18, SECOND);
        vm.assertEq(open.balanceOf(requester), 991e18);
    }

    function test_nobody_else_chooses_where_a_deposit_returns_to() public {
        deposit(10e18);
        vm.prank(stranger);
        escrow.setPayee(ACCOUNT, stranger);
        withdraw(4e18, FIRST);
        vm.assertEq(open.balanceOf(requester), 994e18);
        vm.assertEq(open.balanceOf(stranger), 0);
    }

    function test_a_replayed_withdrawal_is_refused_whatever_it_asks_for() public {
        deposit(10e18);
        withdraw(4e18, FIRST);
        vm.expectRevert(abi.encodeWithSelector(Escrow.AlreadyPaid.selector, FIRST));
        withdraw(4e18, FIRST);
        vm.expectRevert(abi.encodeWithSelector(Escrow.AlreadyPaid.selector, FIRST));
        withdraw(1e18, FIRST);
        vm.expectRevert(abi.encodeWithSelector(Escrow.AlreadyPaid.selector, FIRST));
        fund(address(distributor), 1e18, FIRST);
    }

    function test_a_refused_withdrawal_leaves_its_key_free() public {
        deposit(10e18);
        vm.expectRevert(
            abi.encodeWithSelector(Escrow.WithdrawalExceedsDeposits.selector, ACCOUNT, requester, 10e18, 11e18)
        );
        withdraw(11e18, FIRST);
        vm.assertFalse(escrow.isPaid(FIRST));
        withdraw(10e18, FIRST);
    }

    function test_one_depositors_money_does_not_return_to_another() public {
        deposit(10e18);
        provide(stranger, address(escrow), 1e18);
        vm.prank(stranger);
        escrow.deposit(ACCOUNT, 1e18);

        vm.expectRevert(
            abi.encodeWithSelector(Escrow.WithdrawalExceedsDeposits.selector, ACCOUNT, stranger, 1e18, 2e18)
        );
        vm.prank(operator);
        escrow.withdraw(ACCOUNT, stranger, 2e18, FIRST);
    }

    function test_settled_work_funds_an_allowed_distributor_only() public {
        deposit(10e18);
        vm.expectRevert(abi.encodeWithSelector(Escrow.UnknownDistributor.selector, stranger));
        fund(stranger, 1e18, FIRST);

        fund(address(distributor), 6e18, FIRST);
        vm.assertEq(open.balanceOf(address(distributor)), 6e18);
        (uint256 deposited, uint256 withdrawn, uint256 funded) = escrow.totals();
        vm.assertEq(deposited, 10e18);
        vm.assertEq(withdrawn, 0);
        vm.assertEq(funded, 6e18);

        escrow.setDistributor(address(distributor), false);
        vm.assertFalse(escrow.isDistributor(address(distributor)));
        vm.expectRevert(abi.encodeWithSelector(Escrow.UnknownDistributor.selector, address(distributor)));
        fund(address(distributor), 1e18, SECOND);
    }

    function test_no_more_leaves_than_is_held() public {
        deposit(10e18);
        fund(address(distributor), 6e18, FIRST);
        vm.expectRevert();
        withdraw(5e18, SECOND);
        vm.assertFalse(escrow.isPaid(SECOND));
        withdraw(4e18, SECOND);
    }

    function test_only_the_operator_opens_the_doors() public {
        deposit(10e18);
        bytes memory refused = abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, requester);
        vm.expectRevert(refused);
        vm.prank(requester);
        escrow.withdraw(ACCOUNT, requester, 10e18, FIRST);
        vm.expectRevert(refused);
        vm.prank(requester);
        escrow.fund(address(distributor), 10e18, FIRST);
        vm.expectRevert(refused);
        vm.prank(requester);
        escrow.setDistributor(requester, true);
    }

    function deposit(uint256 amount) private {
        vm.prank(requester);
        escrow.deposit(ACCOUNT, amount);
    }

    function withdraw(uint256 amount, PaymentKey key) private {
        vm.prank(operator);
        escrow.withdraw(ACCOUNT, requester, amount, key);
    }

    function fund(address to, uint256 amount, PaymentKey key) private {
        vm.prank(operator);
        escrow.fund(to, amount, key);
    }
}
