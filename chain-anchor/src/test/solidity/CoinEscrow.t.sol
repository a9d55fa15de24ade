// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {CoinEscrow, IWrappedCoin} from "openledger/CoinEscrow.sol";
import {Escrow} from "openledger/Escrow.sol";
import {AccountId, PaymentKey, PoolId} from "openledger/Identifiers.sol";
import {OpenToken} from "openledger/OpenToken.sol";
import {RewardDistributor} from "openledger/RewardDistributor.sol";
import {Roles} from "openledger/Roles.sol";
import {WrappedOpen} from "openledger/WrappedOpen.sol";
import {Campaign} from "./Campaign.sol";
import {CoinCampaign, Proud} from "./CoinCampaign.sol";
import {EscrowCampaign} from "./EscrowCampaign.sol";
import {Invariants} from "./Invariants.t.sol";
import {Network} from "./Network.sol";
import {bound, vm} from "./Test.sol";
import {VoucherCampaign} from "./VoucherCampaign.sol";

/// @notice Takes coin where it costs nobody gas, as in an estimate.
contract Fickle {
    receive() external payable {
        require(tx.gasprice == 0, "not now");
    }
}

/// @notice Burns what it is given, and answers with as much as it can.
contract Greedy {
    receive() external payable {
        assembly {
            revert(0, 100000)
        }
    }
}

/// @notice Takes coin and writes that down, which costs gas; for want of it, it refuses and keeps the rest.
contract Thrifty {
    uint256 public times;

    receive() external payable {
        require(gasleft() > 30_000, "too little gas");
        ++times;
    }
}

contract CoinEscrowTest is Network {
    AccountId private constant ACCOUNT = AccountId.wrap(keccak256("a tenant"));
    PaymentKey private constant FIRST = PaymentKey.wrap(keccak256("first payment"));
    PaymentKey private constant SECOND = PaymentKey.wrap(keccak256("second payment"));
    PoolId private constant POOL = PoolId.wrap(bytes16(uint128(7)));
    uint256 private constant SESSION_KEY = 1000;

    address private immutable requester = vm.addr(uint256(keccak256("requester")));
    WrappedOpen private wrapped;
    CoinEscrow private coins;
    RewardDistributor private rewards;

    function setUp() public override {
        super.setUp();
        wrapped = new WrappedOpen();
        coins = new CoinEscrow(address(manager), IWrappedCoin(address(wrapped)));
        rewards = new RewardDistributor(address(manager), wrapped);
        allow(address(coins), Roles.OPERATOR, Escrow.withdraw.selector);
        allow(address(coins), Roles.OPERATOR, Escrow.fund.selector);
        coins.setDistributor(address(rewards), true);
        vm.deal(requester, 1000e18);
    }

    function test_coin_that_is_deposited_is_wrapped_and_announced_as_any_deposit() public {
        vm.expectEmit(address(coins));
        emit CoinEscrow.CoinChosen(ACCOUNT, requester, true);
        vm.expectEmit(address(coins));
        emit Escrow.Deposited(ACCOUNT, requester, 10e18);
        deposit(10e18);

        vm.assertEq(requester.balance, 990e18);
        vm.assertEq(wrapped.balanceOf(address(coins)), 10e18);
        vm.assertEq(address(coins).balance, 0);
        vm.assertEq(coins.available(ACCOUNT, requester), 10e18);
    }

    function testFuzz_what_came_in_coin_goes_back_in_coin(uint256 amount) public {
        amount = bound(amount, 1, 10e9) * 1e9;
        deposit(10e18);
        withdraw(amount, FIRST);

        vm.assertEq(requester.balance, 990e18 + amount);
        vm.assertEq(wrapped.balanceOf(requester), 0);
    }

    function test_or_as_the_token_if_its_depositor_prefers() public {
        deposit(10e18);
        vm.prank(requester);
        coins.chooseCoin(ACCOUNT, false);
        withdraw(4e18, FIRST);

        vm.assertEq(requester.balance, 990e18);
        vm.assertEq(wrapped.balanceOf(requester), 4e18);
    }

    function test_a_voucher_is_covered_by_coin() public {
        deposit(10e18);
        address key = vm.addr(SESSION_KEY);
        vm.prank(requester);
        coins.authorise(ACCOUNT, key, 6e18, uint48(block.timestamp + 2 days));
        vm.expectRevert(
            abi.encodeWithSelector(Escrow.WithdrawalExceedsDeposits.selector, ACCOUNT, requester, 4e18, 5e18)
        );
        withdraw(5e18, FIRST);

        vm.assertEq(coins.settleMany(voucher(key, 5e18)), 5e18);
        vm.prank(operator);
        coins.fund(address(rewards), 5e18, FIRST);
        vm.assertEq(wrapped.balanceOf(address(rewards)), 5e18);

        vm.warp(block.timestamp + 2 days);
        coins.release(key);
        withdraw(5e18, SECOND);
        vm.assertEq(requester.balance, 995e18);
    }

    function test_loose_coin_is_refused() public {
        vm.prank(requester);
        (bool taken,) = address(coins).call{value: 1e18}("");
        vm.assertFalse(taken);
    }

    function test_a_payee_that_takes_no_coin_gets_the_token() public {
        address proud = payee(address(new Proud()));
        vm.expectEmit(address(coins));
        emit CoinEscrow.CoinRefused(ACCOUNT, requester, proud, 4e18);
        withdraw(4e18, FIRST);

        vm.assertEq(wrapped.balanceOf(proud), 4e18);
        vm.assertEq(wrapped.balanceOf(address(coins)), 6e18);
        vm.assertEq(address(coins).balance, 0);
        vm.assertTrue(coins.isPaid(FIRST));
    }

    function test_a_payee_cannot_make_a_withdrawal_fail_that_was_estimated() public {
        address fickle = payee(address(new Fickle()));
        withdraw(4e18, FIRST);
        vm.assertEq(fickle.balance, 4e18, "an estimate has no price, and the payee takes the coin");
        vm.txGasPrice(1);
        withdraw(4e18, SECOND);
        vm.assertEq(wrapped.balanceOf(fickle), 4e18, "the transaction has one, and it gets the token");
    }

    function test_a_payee_can_burn_no_more_gas_than_was_set_aside_for_it() public {
        address greedy = payee(address(new Greedy()));
        vm.prank(operator);
        coins.withdraw{gas: 330_000}(ACCOUNT, requester, 4e18, FIRST);
        vm.assertEq(wrapped.balanceOf(greedy), 4e18);
    }

    function test_no_gas_limit_is_so_low_that_a_payee_gets_the_token_for_want_of_gas() public {
        address thrifty = payee(address(new Thrifty()));
        for (uint256 gas = 60_000; gas < 400_000; gas += 1_000) {
            vm.prank(operator);
            try coins.withdraw{gas: gas}(ACCOUNT, requester, 4e18, FIRST) {
                break;
            } catch {}
        }
        vm.assertEq(thrifty.balance, 4e18);
        vm.assertEq(wrapped.balanceOf(thrifty), 0);
    }

    /// @dev Something was deposited, and returns to `account`.
    function payee(address account) private returns (address) {
        deposit(10e18);
        vm.prank(requester);
        coins.setPayee(ACCOUNT, account);
        return account;
    }

    function deposit(uint256 amount) private {
        vm.prank(requester);
        coins.depositCoin{value: amount}(ACCOUNT);
    }

    function withdraw(uint256 amount, PaymentKey key) private {
        vm.prank(operator);
        coins.withdraw(ACCOUNT, requester, amount, key);
    }

    function voucher(address key, uint256 cumulative) private view returns (Escrow.Voucher[] memory vouchers) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(SESSION_KEY, coins.voucherDigest(key, POOL, cumulative));
        vouchers = new Escrow.Voucher[](1);
        vouchers[0] = Escrow.Voucher(key, POOL, cumulative, r, bytes32(uint256(s) | uint256(v - 27) << 255));
    }
}

/// @notice An escrow of coin, for the campaigns.
abstract contract CoinInvariants is Invariants {
    WrappedOpen internal wrapped;
    CoinEscrow internal coins;

    function provideCoins() internal {
        wrapped = new WrappedOpen();
        coins = new CoinEscrow(address(manager), IWrappedCoin(address(wrapped)));
        coins.setDistributor(address(distributor), true);
    }

    /// @dev Campaigns over the token hand it out, so they get some.
    function wrap(Campaign campaign_) internal returns (Campaign) {
        vm.deal(address(this), 1e27);
        wrapped.deposit{value: 1e27}();
        require(wrapped.transfer(address(campaign_), 1e27), "the coin is not wrapped");
        return campaign_;
    }
}

contract CoinsInvariants is CoinInvariants {
    function start() internal override returns (Campaign) {
        provideCoins();
        return new CoinCampaign(coins, wrapped, address(distributor));
    }
}

/// @notice The laws of the {Escrow} hold for it too.
contract CoinEscrowInvariants is CoinInvariants {
    function start() internal override returns (Campaign) {
        provideCoins();
        return wrap(new EscrowCampaign(coins, OpenToken(address(wrapped)), address(distributor)));
    }
}

/// @notice And those of vouchers.
contract CoinVoucherInvariants is CoinInvariants {
    function start() internal override returns (Campaign) {
        provideCoins();
        return wrap(new VoucherCampaign(coins, OpenToken(address(wrapped)), address(distributor)));
    }
}
