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

    function test_a_payee_that_takes_no_coin_holds_up_nobody_but_itself() public {
        deposit(10e18);
        address proud = address(new Proud());
        vm.prank(requester);
        coins.setPayee(ACCOUNT, proud);
        vm.expectRevert(abi.encodeWithSelector(CoinEscrow.CoinRefused.selector, proud, 4e18));
        withdraw(4e18, FIRST);

        vm.prank(requester);
        coins.chooseCoin(ACCOUNT, false);
        withdraw(4e18, FIRST);
        vm.assertEq(wrapped.balanceOf(proud), 4e18);
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
