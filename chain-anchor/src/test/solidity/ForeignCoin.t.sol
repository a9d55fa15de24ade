// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {CoinEscrow, IWrappedCoin} from "openledger/CoinEscrow.sol";
import {Escrow} from "openledger/Escrow.sol";
import {AccountId, PaymentKey} from "openledger/Identifiers.sol";
import {RewardDistributor} from "openledger/RewardDistributor.sol";
import {Roles} from "openledger/Roles.sol";
import {Network} from "./Network.sol";
import {bound, vm} from "./Test.sol";

/// @notice A wrapped coin as chains have had it since WETH9, and as little as that: no permit, no refusals by name, a
/// deposit by sending coin, and a withdrawal that gives its receiver 2,300 gas.
contract ForeignCoin {
    event Approval(address indexed owner, address indexed spender, uint256 value);
    event Transfer(address indexed from, address indexed to, uint256 value);
    event Deposit(address indexed to, uint256 value);
    event Withdrawal(address indexed from, uint256 value);

    string public constant name = "Wrapped Coin";
    string public constant symbol = "WCOIN";
    uint8 public constant decimals = 18;

    mapping(address account => uint256) public balanceOf;
    mapping(address owner => mapping(address spender => uint256)) public allowance;

    receive() external payable {
        deposit();
    }

    function deposit() public payable {
        balanceOf[msg.sender] += msg.value;
        emit Deposit(msg.sender, msg.value);
    }

    function withdraw(uint256 value) external {
        require(balanceOf[msg.sender] >= value);
        balanceOf[msg.sender] -= value;
        (bool taken,) = msg.sender.call{value: value, gas: 0}("");
        require(taken);
        emit Withdrawal(msg.sender, value);
    }

    function totalSupply() external view returns (uint256) {
        return address(this).balance;
    }

    function approve(address spender, uint256 value) external returns (bool) {
        allowance[msg.sender][spender] = value;
        emit Approval(msg.sender, spender, value);
        return true;
    }

    function transfer(address to, uint256 value) external returns (bool) {
        return transferFrom(msg.sender, to, value);
    }

    function transferFrom(address from, address to, uint256 value) public returns (bool) {
        require(balanceOf[from] >= value);
        if (from != msg.sender && allowance[from][msg.sender] != type(uint256).max) {
            require(allowance[from][msg.sender] >= value);
            allowance[from][msg.sender] -= value;
        }
        balanceOf[from] -= value;
        balanceOf[to] += value;
        emit Transfer(from, to, value);
        return true;
    }
}

/// @notice Our contracts over the token that a chain had before them.
contract ForeignCoinTest is Network {
    AccountId private constant ACCOUNT = AccountId.wrap(keccak256("a tenant"));
    PaymentKey private constant FIRST = PaymentKey.wrap(keccak256("first payment"));

    address private immutable requester = vm.addr(uint256(keccak256("requester")));
    ForeignCoin private foreign;
    CoinEscrow private coins;
    RewardDistributor private rewards;

    function setUp() public override {
        super.setUp();
        foreign = new ForeignCoin();
        coins = new CoinEscrow(address(manager), IWrappedCoin(address(foreign)));
        rewards = new RewardDistributor(address(manager), IWrappedCoin(address(foreign)));
        allow(address(coins), Roles.OPERATOR, Escrow.withdraw.selector);
        allow(address(coins), Roles.OPERATOR, Escrow.fund.selector);
        allow(address(rewards), Roles.OPERATOR, RewardDistributor.publish.selector);
        coins.setDistributor(address(rewards), true);
        vm.deal(requester, 1000e18);
    }

    function testFuzz_coin_goes_in_and_comes_back_with_the_least_gas_that_a_receiver_is_given(uint256 amount) public {
        amount = bound(amount, 1, 10e9) * 1e9;
        vm.prank(requester);
        coins.depositCoin{value: 10e18}(ACCOUNT);
        vm.assertEq(foreign.balanceOf(address(coins)), 10e18);

        vm.prank(operator);
        coins.withdraw(ACCOUNT, requester, amount, FIRST);

        vm.assertEq(requester.balance, 990e18 + amount);
        vm.assertEq(foreign.balanceOf(address(coins)), 10e18 - amount);
        vm.assertEq(address(coins).balance, 0);
    }

    function test_what_is_brought_as_the_token_goes_back_as_the_token() public {
        vm.prank(requester);
        foreign.deposit{value: 10e18}();
        vm.prank(requester);
        foreign.approve(address(coins), 10e18);
        vm.prank(requester);
        coins.deposit(ACCOUNT, 10e18);

        vm.prank(operator);
        coins.withdraw(ACCOUNT, requester, 4e18, FIRST);

        vm.assertEq(foreign.balanceOf(requester), 4e18);
        vm.assertEq(requester.balance, 990e18);
    }

    function test_what_was_earned_is_claimed_as_the_token() public {
        vm.prank(requester);
        coins.depositCoin{value: 10e18}(ACCOUNT);
        vm.prank(operator);
        coins.fund(address(rewards), 3e18, FIRST);
        address payee = address(0xADA);
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(payee, 3e18))));
        vm.prank(operator);
        rewards.publish(0, 1, leaf, 3e18);

        rewards.claim(payee, 3e18, new bytes32[](0));

        vm.assertEq(foreign.balanceOf(payee), 3e18);
    }
}
