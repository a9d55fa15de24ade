// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {NodeId, PoolId} from "openledger/Identifiers.sol";
import {NodeRegistry} from "openledger/NodeRegistry.sol";
import {Network} from "./Network.sol";
import {Words, vm} from "./Test.sol";

contract NodeRegistryTest is Network {
    using Words for Words.Reader;

    NodeId private constant NODE = NodeId.wrap(0x00112233445566778899aabbccddeeff);
    PoolId private constant POOL = PoolId.wrap(0xffeeddccbbaa99887766554433221100);
    bytes32 private constant CAPABILITIES = keccak256("capabilities");
    bytes32 private constant EVIDENCE = keccak256("evidence");
    uint256 private constant RESULT_PRIVATE_KEY = uint256(keccak256("result key"));

    address private immutable owner = vm.addr(uint256(keccak256("owner")));
    address private immutable sponsor = vm.addr(uint256(keccak256("sponsor")));
    address private immutable resultKey = vm.addr(RESULT_PRIVATE_KEY);

    function setUp() public override {
        super.setUp();
        provide(owner, address(registry), 1000e18);
        provide(sponsor, address(registry), 1000e18);
    }

    // -- Joining

    function test_an_owner_registers_its_node_and_pays_the_stake() public {
        vm.expectEmit(address(registry));
        emit NodeRegistry.NodeRegistered(NODE, owner, resultKey, owner, 150e18, CAPABILITIES, POOL);
        register(150e18);

        NodeRegistry.Node memory node = registry.node(NODE);
        vm.assertEq(node.owner, owner);
        vm.assertEq(node.resultKey, resultKey);
        vm.assertEq(node.staker, owner);
        vm.assertEq(node.capabilityHash, CAPABILITIES);
        vm.assertEq(bytes32(PoolId.unwrap(node.poolId)), bytes32(PoolId.unwrap(POOL)));
        vm.assertEq(node.stake, 150e18);
        vm.assertTrue(registry.isBonded(NODE));
        vm.assertEq(open.balanceOf(address(registry)), 150e18);
        vm.assertEq(open.balanceOf(owner), 850e18);
    }

    function test_a_sponsor_pays_for_an_owner_and_gets_the_stake_back() public {
        registerFor(150e18);
        vm.assertEq(registry.node(NODE).owner, owner);
        vm.assertEq(registry.node(NODE).staker, sponsor);
        vm.assertEq(open.balanceOf(owner), 1000e18);

        vm.prank(owner);
        registry.beginExit(NODE);
        vm.warp(block.timestamp + UNBONDING_SECONDS);
        registry.withdraw(NODE);
        vm.assertEq(open.balanceOf(sponsor), 1000e18);
        vm.assertEq(open.balanceOf(owner), 1000e18);
    }

    function testFuzz_a_stake_below_the_minimum_is_refused(uint96 stake) public {
        stake %= MINIMUM_STAKE;
        vm.expectRevert(abi.encodeWithSelector(NodeRegistry.StakeTooSmall.selector, MINIMUM_STAKE, stake));
        register(stake);
    }

    function test_a_node_registers_once() public {
        register(150e18);
        vm.expectRevert(
            abi.encodeWithSelector(
                NodeRegistry.WrongStatus.selector, NODE, NodeRegistry.Status.Unknown, NodeRegistry.Status.Active
            )
        );
        registerFor(150e18);
    }

    function test_an_owner_and_a_result_key_are_somebodys() public {
        vm.expectRevert(NodeRegistry.ZeroAddress.selector);
        vm.prank(sponsor);
        registry.registerFor(address(0), NODE, resultKey, CAPABILITIES, POOL, 150e18);
        vm.expectRevert(NodeRegistry.ZeroAddress.selector);
        vm.prank(owner);
        registry.register(NODE, address(0), CAPABILITIES, POOL, 150e18);
    }

    function test_only_the_owner_says_what_its_node_can_do() public {
        registerFor(150e18);
        vm.expectRevert(abi.encodeWithSelector(NodeRegistry.NotAllowed.selector, NODE, sponsor));
        vm.prank(sponsor);
        registry.update(NODE, EVIDENCE, POOL);

        vm.prank(owner);
        registry.update(NODE, EVIDENCE, POOL);
        vm.assertEq(registry.node(NODE).capabilityHash, EVIDENCE);
    }

    function test_only_the_staker_adds_stake() public {
        registerFor(150e18);
        vm.expectRevert(abi.encodeWithSelector(NodeRegistry.NotAllowed.selector, NODE, owner));
        vm.prank(owner);
        registry.addStake(NODE, 1e18);

        vm.prank(sponsor);
        registry.addStake(NODE, 1e18);
        vm.assertEq(registry.node(NODE).stake, 151e18);
    }

    // -- Leaving

    function test_owner_and_staker_may_each_end_the_service_and_a_stranger_may_not() public {
        registerFor(150e18);
        vm.expectRevert(abi.encodeWithSelector(NodeRegistry.NotAllowed.selector, NODE, stranger));
        vm.prank(stranger);
        registry.beginExit(NODE);

        vm.prank(sponsor);
        registry.beginExit(NODE);
        vm.assertFalse(registry.isBonded(NODE));
    }

    function testFuzz_a_stake_stays_bound_until_its_time(uint32 waited) public {
        waited %= UNBONDING_SECONDS;
        register(150e18);
        uint48 withdrawableAt = uint48(block.timestamp + UNBONDING_SECONDS);
        vm.prank(owner);
        registry.beginExit(NODE);

        vm.warp(block.timestamp + waited);
        vm.expectRevert(
            abi.encodeWithSelector(NodeRegistry.StillBonded.selector, NODE, withdrawableAt, block.timestamp)
        );
        registry.withdraw(NODE);

        vm.warp(withdrawableAt);
        registry.withdraw(NODE);
        vm.assertEq(open.balanceOf(owner), 1000e18);
        vm.expectRevert(
            abi.encodeWithSelector(
                NodeRegistry.WrongStatus.selector, NODE, NodeRegistry.Status.Exiting, NodeRegistry.Status.Left
            )
        );
        registry.withdraw(NODE);
    }

    function test_terms_that_change_during_an_exit_leave_it_as_it_was() public {
        register(150e18);
        vm.prank(owner);
        registry.beginExit(NODE);
        registry.setTerms(MINIMUM_STAKE, 90 days);
        vm.warp(block.timestamp + UNBONDING_SECONDS);
        registry.withdraw(NODE);
    }

    function test_nobody_binds_a_stake_for_more_than_ninety_days() public {
        vm.expectRevert(abi.encodeWithSelector(NodeRegistry.UnbondingTooLong.selector, 90 days, 90 days + 1));
        registry.setTerms(MINIMUM_STAKE, 90 days + 1);
    }

    function test_a_node_that_left_comes_back_as_itself_only() public {
        register(150e18);
        vm.prank(owner);
        registry.beginExit(NODE);
        vm.warp(block.timestamp + UNBONDING_SECONDS);
        registry.withdraw(NODE);

        vm.expectRevert(abi.encodeWithSelector(NodeRegistry.IdentityFixed.selector, NODE, owner, resultKey));
        vm.prank(sponsor);
        registry.register(NODE, resultKey, CAPABILITIES, POOL, 150e18);
        vm.expectRevert(abi.encodeWithSelector(NodeRegistry.IdentityFixed.selector, NODE, owner, resultKey));
        vm.prank(owner);
        registry.register(NODE, stranger, CAPABILITIES, POOL, 150e18);

        registerFor(200e18);
        vm.assertTrue(registry.isBonded(NODE));
        vm.assertEq(registry.node(NODE).staker, sponsor);
    }

    // -- Slashing

    function test_a_slashed_stake_goes_to_the_beneficiary_and_the_rest_to_the_staker() public {
        register(150e18);
        vm.expectEmit(address(registry));
        emit NodeRegistry.StakeSlashed(NODE, 60e18, stranger, EVIDENCE);
        vm.assertEq(slash(60e18), 60e18);
        vm.assertFalse(registry.isBonded(NODE));

        vm.prank(owner);
        registry.beginExit(NODE);
        vm.warp(block.timestamp + UNBONDING_SECONDS);
        registry.withdraw(NODE);
        vm.assertEq(open.balanceOf(stranger), 60e18);
        vm.assertEq(open.balanceOf(owner), 940e18);
    }

    function testFuzz_no_more_is_slashed_than_is_at_stake(uint96 first, uint96 second) public {
        register(150e18);
        uint256 slashed = slash(first);
        slashed += slash(second);
        uint256 asked = uint256(first) + second;
        vm.assertEq(slashed, asked < 150e18 ? asked : 150e18);
        vm.assertEq(registry.node(NODE).stake, 150e18 - slashed);
    }

    function test_an_exiting_node_still_answers_for_what_it_signed() public {
        register(150e18);
        vm.prank(owner);
        registry.beginExit(NODE);
        vm.assertEq(slash(200e18), 150e18);
    }

    function test_only_the_slasher_slashes_and_only_the_administrator_sets_terms() public {
        register(150e18);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, operator));
        vm.prank(operator);
        registry.slash(NODE, 1, operator, EVIDENCE);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, slasher));
        vm.prank(slasher);
        registry.setTerms(0, 0);
    }

    // -- Signatures

    function test_a_batch_signed_elsewhere_is_recognised_and_its_high_s_twin_is_not() public {
        Words.Reader memory vectors = Words.open("batch");
        vm.chainId(vectors.number());
        vm.prank(vectors.account());
        NodeRegistry signed = new NodeRegistry(address(manager), open, 0, 0);
        vm.assertEq(address(signed), vectors.account());

        NodeId node = NodeId.wrap(bytes16(vectors.hash()));
        (bytes32 root, uint32 count) = (vectors.hash(), uint32(vectors.number()));
        vm.assertEq(signed.resultBatchDigest(node, root, count), vectors.hash());
        address signer = vectors.account();
        bytes memory signature = abi.encodePacked(vectors.hash(), vectors.hash(), uint8(vectors.number()));
        bytes memory highS = abi.encodePacked(vectors.hash(), vectors.hash(), uint8(vectors.number()));
        vm.assertTrue(vectors.atEnd());

        vm.assertEq(signed.resultBatchSigner(node, root, count, signature), signer);
        vm.assertEq(signed.resultBatchSigner(node, root, count, highS), address(0));
        vm.assertFalse(signed.verifyResultBatch(node, root, count, signature), "no node is registered yet");

        signed.register(node, signer, CAPABILITIES, POOL, 0);
        vm.assertTrue(signed.verifyResultBatch(node, root, count, signature));
        vm.assertFalse(signed.verifyResultBatch(node, root, count, highS));
    }

    function testFuzz_a_batch_counts_only_as_it_was_signed_by_the_nodes_own_key(bytes32 root, uint32 count) public {
        vm.assume(count > 0);
        register(150e18);
        bytes memory signature = sign(RESULT_PRIVATE_KEY, registry.resultBatchDigest(NODE, root, count));
        vm.assertTrue(registry.verifyResultBatch(NODE, root, count, signature));

        vm.assertFalse(registry.verifyResultBatch(NODE, root, count - 1, signature), "another count");
        vm.assertFalse(registry.verifyResultBatch(NODE, ~root, count, signature), "another root");
        NodeId other = NodeId.wrap(~NodeId.unwrap(NODE));
        vm.assertFalse(registry.verifyResultBatch(other, root, count, signature), "another node");
        bytes memory forged = sign(uint256(keccak256("owner")), registry.resultBatchDigest(NODE, root, count));
        vm.assertFalse(registry.verifyResultBatch(NODE, root, count, forged), "another key");
    }

    function testFuzz_a_malformed_signature_is_nobodys(bytes calldata signature) public view {
        vm.assume(signature.length != 65);
        vm.assertEq(registry.resultBatchSigner(NODE, EVIDENCE, 1, signature), address(0));
        vm.assertFalse(registry.verifyResultBatch(NODE, EVIDENCE, 1, signature));
    }

    function test_what_a_node_signed_binds_it_after_it_left() public {
        register(150e18);
        bytes memory signature = sign(RESULT_PRIVATE_KEY, registry.resultBatchDigest(NODE, EVIDENCE, 2));
        vm.prank(owner);
        registry.beginExit(NODE);
        vm.warp(block.timestamp + UNBONDING_SECONDS);
        registry.withdraw(NODE);
        vm.assertTrue(registry.verifyResultBatch(NODE, EVIDENCE, 2, signature));
    }

    function register(uint96 stake) private {
        vm.prank(owner);
        registry.register(NODE, resultKey, CAPABILITIES, POOL, stake);
    }

    function registerFor(uint96 stake) private {
        vm.prank(sponsor);
        registry.registerFor(owner, NODE, resultKey, CAPABILITIES, POOL, stake);
    }

    function slash(uint96 amount) private returns (uint256) {
        vm.prank(slasher);
        return registry.slash(NODE, amount, stranger, EVIDENCE);
    }

    function sign(uint256 key, bytes32 digest) private pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }
}
