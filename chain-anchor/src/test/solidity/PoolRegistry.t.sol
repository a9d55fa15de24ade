// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PoolId} from "openledger/Identifiers.sol";
import {PoolRegistry} from "openledger/PoolRegistry.sol";
import {Network} from "./Network.sol";
import {vm} from "./Test.sol";

contract PoolRegistryTest is Network {
    PoolId private constant POOL = PoolId.wrap(0xffeeddccbbaa99887766554433221100);
    bytes32 private constant ORIGIN = keccak256("pool.example/log");
    uint256 private constant LOG_PRIVATE_KEY = uint256(keccak256("log key"));

    address private immutable logSigner = vm.addr(LOG_PRIVATE_KEY);

    function setUp() public override {
        super.setUp();
        provide(operator, address(pools), 1000e18);
    }

    function test_an_operator_opens_a_pool_and_gets_the_bond_back_after_closing_it() public {
        openPool(600e18);
        vm.assertEq(pools.pool(POOL).operator, operator);
        vm.assertEq(open.balanceOf(operator), 400e18);

        vm.prank(operator);
        pools.close(POOL);
        vm.expectRevert(
            abi.encodeWithSelector(
                PoolRegistry.StillBonded.selector, POOL, block.timestamp + UNBONDING_SECONDS, block.timestamp
            )
        );
        pools.withdraw(POOL);
        vm.warp(block.timestamp + UNBONDING_SECONDS);
        pools.withdraw(POOL);
        vm.assertEq(open.balanceOf(operator), 1000e18);
        vm.assertEq(open.balanceOf(address(pools)), 0);
    }

    function test_a_pool_is_opened_once_and_its_keys_stay() public {
        openPool(600e18);
        vm.expectRevert(
            abi.encodeWithSelector(
                PoolRegistry.WrongStatus.selector, POOL, PoolRegistry.Status.Unknown, PoolRegistry.Status.Open
            )
        );
        openPool(MINIMUM_BOND);
    }

    function test_a_bond_has_a_least_size() public {
        vm.expectRevert(abi.encodeWithSelector(PoolRegistry.BondTooSmall.selector, MINIMUM_BOND, MINIMUM_BOND - 1));
        openPool(MINIMUM_BOND - 1);
    }

    function test_only_the_operator_changes_terms_and_closes() public {
        openPool(600e18);
        vm.expectRevert(abi.encodeWithSelector(PoolRegistry.NotOperator.selector, POOL, stranger));
        vm.prank(stranger);
        pools.close(POOL);
        vm.expectRevert(abi.encodeWithSelector(PoolRegistry.NotOperator.selector, POOL, stranger));
        vm.prank(stranger);
        pools.update(POOL, 0, 0);
        vm.prank(operator);
        pools.update(POOL, "other terms", "other witnesses");
        vm.assertEq(pools.pool(POOL).manifestHash, "other terms");
    }

    function testFuzz_two_histories_of_one_size_cost_the_bond_once(uint64 size, bytes32 first, bytes32 second) public {
        vm.assume(first != second);
        openPool(600e18);
        accuse(size, first, signed(size, first), second, signed(size, second));
        vm.assertEq(pools.pool(POOL).bond, 0);
        vm.assertEq(open.balanceOf(stranger), 120e18);
        vm.assertEq(open.balanceOf(treasury), 480e18);

        accuse(size, first, signed(size, first), second, signed(size, second));
        vm.assertEq(open.balanceOf(stranger), 120e18);
    }

    function test_one_history_is_no_fork() public {
        openPool(600e18);
        bytes memory signature = signed(7, "a");
        vm.expectRevert(abi.encodeWithSelector(PoolRegistry.SameRoot.selector, bytes32("a")));
        accuse(7, "a", signature, "a", signature);
    }

    function test_a_checkpoint_of_another_size_or_key_is_no_fork() public {
        openPool(600e18);
        bytes memory a = signed(7, "a");
        bytes memory other = signed(8, "b");
        vm.expectRevert(abi.encodeWithSelector(PoolRegistry.NotSigned.selector, POOL, bytes32("b")));
        accuse(7, "a", a, "b", other);

        (uint8 v, bytes32 r, bytes32 s) = vm.sign(1, pools.checkpointDigest(ORIGIN, 7, "b"));
        vm.expectRevert(abi.encodeWithSelector(PoolRegistry.NotSigned.selector, POOL, bytes32("b")));
        accuse(7, "a", a, "b", abi.encodePacked(r, s, v));
    }

    function test_a_pool_that_nobody_opened_signed_nothing() public view {
        vm.assertFalse(pools.verifyCheckpoint(PoolId.wrap("nobody's"), 7, "a", new bytes(65)));
    }

    function accuse(uint64 size, bytes32 first, bytes memory a, bytes32 second, bytes memory b) private {
        vm.prank(stranger);
        pools.proveFork(POOL, size, first, a, second, b);
    }

    function signed(uint64 size, bytes32 root) private view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(LOG_PRIVATE_KEY, pools.checkpointDigest(ORIGIN, size, root));
        return abi.encodePacked(r, s, v);
    }

    function openPool(uint96 bond) private {
        vm.prank(operator);
        pools.open(POOL, logSigner, "log key", ORIGIN, "terms", "witnesses", bond);
    }
}
