// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {ReceiptLeaf} from "openledger/AnchorLog.sol";
import {AcceptedStatement, DisputeCourt, SignedStatement} from "openledger/DisputeCourt.sol";
import {NodeId, PoolId} from "openledger/Identifiers.sol";
import {LogProofs} from "openledger/LogProofs.sol";
import {NodeRegistry} from "openledger/NodeRegistry.sol";
import {Network} from "./Network.sol";
import {vm} from "./Test.sol";

contract DisputeCourtTest is Network {
    NodeId private constant NODE = NodeId.wrap(0x00112233445566778899aabbccddeeff);
    uint256 private constant RESULT_PRIVATE_KEY = uint256(keccak256("result key"));
    uint96 private constant STAKE = 200e18;

    address private immutable owner = vm.addr(uint256(keccak256("owner")));
    address private immutable accuser = vm.addr(uint256(keccak256("accuser")));

    function setUp() public override {
        super.setUp();
        provide(owner, address(registry), STAKE);
        provide(accuser, address(court), 100e18);
        vm.prank(owner);
        registry.register(NODE, vm.addr(RESULT_PRIVATE_KEY), 0, PoolId.wrap(0), STAKE);
    }

    // -- What convicts

    function test_two_outcomes_of_one_task_cost_half_the_stake() public {
        uint256 number = accuse(said("task", "six"), said("task", "seven"));
        vm.assertEq(registry.node(NODE).stake, STAKE, "the owner may appeal first");
        vm.warp(block.timestamp + 12 hours);
        court.execute(number);

        vm.assertEq(registry.node(NODE).stake, 100e18);
        vm.assertEq(open.balanceOf(accuser), 100e18 + 20e18, "its bond, and a fifth of the penalty");
        vm.assertEq(open.balanceOf(treasury), 80e18);
        vm.assertEq(open.balanceOf(address(court)), 0);
    }

    function test_an_anchored_receipt_refutes_a_node() public {
        bytes memory accepted = statement("their replica", "task", "six");
        bytes memory receipt = abi.encode(leaf(LogProofs.leafHash(accepted)));
        anchor(LogProofs.leafHash(receipt));
        SignedStatement memory mine = said("task", "seven");
        bytes32[] memory none = new bytes32[](0);

        vm.prank(accuser);
        court.accuseOfContradiction(NODE, mine, AcceptedStatement(receipt, 0, 1, none, accepted, 0, 1, none));
        vm.assertEq(court.cases(), 1);
        vm.assertEq(court.caseOf(0).penalty, 100e18);
    }

    // -- What does not

    function testFuzz_one_outcome_or_two_tasks_are_no_contradiction(bytes32 task, bytes32 other, bytes32 outcome)
        public
    {
        vm.assume(task != other);
        SignedStatement memory first = said(task, outcome);
        SignedStatement memory same = said(task, outcome);
        SignedStatement memory foreign = said(other, ~outcome);
        vm.expectRevert(DisputeCourt.NoContradiction.selector);
        accuse(first, same);
        vm.expectRevert(DisputeCourt.NoContradiction.selector);
        accuse(first, foreign);
    }

    function test_a_statement_under_another_key_accuses_nobody() public {
        SignedStatement memory forged = said("task", "seven");
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(1, registry.resultBatchDigest(NODE, forged.root, 1));
        forged.signature = abi.encodePacked(r, s, v);
        SignedStatement memory first = said("task", "six");
        vm.expectRevert(abi.encodeWithSelector(DisputeCourt.NotSigned.selector, NODE, forged.root));
        accuse(first, forged);
    }

    function test_a_statement_that_is_not_in_the_batch_accuses_nobody() public {
        SignedStatement memory swapped = said("task", "seven");
        swapped.leaf = statement("replica", "task", "eight");
        SignedStatement memory first = said("task", "six");
        vm.expectRevert(abi.encodeWithSelector(DisputeCourt.NotSigned.selector, NODE, swapped.root));
        accuse(first, swapped);
    }

    function test_a_receipt_that_is_not_anchored_refutes_nobody() public {
        bytes memory accepted = statement("their replica", "task", "six");
        anchor("another log");
        bytes memory receipt = abi.encode(leaf(LogProofs.leafHash(accepted)));
        SignedStatement memory mine = said("task", "seven");
        bytes32[] memory none = new bytes32[](0);
        vm.expectRevert(DisputeCourt.NotAccepted.selector);
        vm.prank(accuser);
        court.accuseOfContradiction(NODE, mine, AcceptedStatement(receipt, 0, 1, none, accepted, 0, 1, none));
    }

    function test_a_receipt_of_a_format_whose_evidence_may_refute_nobody_refutes_nobody() public {
        bytes memory rejected = statement("their replica", "task", "six");
        ReceiptLeaf memory old = leaf(LogProofs.leafHash(rejected));
        old.version = 3;
        bytes memory receipt = abi.encode(old);
        anchor(LogProofs.leafHash(receipt));
        SignedStatement memory mine = said("task", "seven");
        bytes32[] memory none = new bytes32[](0);
        vm.expectRevert(DisputeCourt.NotAccepted.selector);
        vm.prank(accuser);
        court.accuseOfContradiction(NODE, mine, AcceptedStatement(receipt, 0, 1, none, rejected, 0, 1, none));
    }

    function test_a_statement_that_the_receipt_did_not_accept_refutes_nobody() public {
        bytes memory receipt = abi.encode(leaf("other evidence"));
        anchor(LogProofs.leafHash(receipt));
        bytes memory claimed = statement("their replica", "task", "six");
        SignedStatement memory mine = said("task", "seven");
        bytes32[] memory none = new bytes32[](0);
        vm.expectRevert(DisputeCourt.NotAccepted.selector);
        vm.prank(accuser);
        court.accuseOfContradiction(NODE, mine, AcceptedStatement(receipt, 0, 1, none, claimed, 0, 1, none));
    }

    function test_nobody_is_tried_twice_for_one_replica() public {
        accuse(said("task", "six"), said("task", "seven"));
        SignedStatement memory again = said("task", "six");
        SignedStatement memory third = said("task", "eight");
        vm.expectRevert(abi.encodeWithSelector(DisputeCourt.AlreadyTried.selector, NODE, bytes32("replica")));
        accuse(again, third);
    }

    function test_two_statements_about_two_replicas_are_one_fault_whichever_is_named_first() public {
        accuse(said("first", "task", "six"), said("second", "task", "seven"));
        (SignedStatement memory first, SignedStatement memory second) =
            (said("second", "task", "seven"), said("first", "task", "six"));
        vm.expectRevert(abi.encodeWithSelector(DisputeCourt.AlreadyTried.selector, NODE, bytes32("second")));
        accuse(first, second);
        (first, second) = (said("third", "task", "eight"), said("first", "task", "six"));
        vm.expectRevert(abi.encodeWithSelector(DisputeCourt.AlreadyTried.selector, NODE, bytes32("first")));
        accuse(first, second);
    }

    // -- The appeal

    function test_the_owner_appeals_and_the_judge_overturns() public {
        uint256 number = accuse(said("task", "six"), said("task", "seven"));
        vm.prank(owner);
        court.appeal(number, "why");
        vm.warp(block.timestamp + 12 hours);
        vm.expectRevert(
            abi.encodeWithSelector(
                DisputeCourt.WrongState.selector, number, DisputeCourt.State.Open, DisputeCourt.State.Appealed
            )
        );
        court.execute(number);

        vm.prank(judge);
        court.judge(number, false);
        vm.assertEq(registry.node(NODE).stake, STAKE);
        vm.assertEq(open.balanceOf(owner), 10e18, "the accuser's bond");
    }

    function test_the_judge_upholds() public {
        uint256 number = accuse(said("task", "six"), said("task", "seven"));
        vm.prank(owner);
        court.appeal(number, "why");
        vm.prank(judge);
        court.judge(number, true);
        vm.assertEq(registry.node(NODE).stake, 100e18);
    }

    function test_an_appeal_that_nobody_judges_lapses() public {
        uint256 number = accuse(said("task", "six"), said("task", "seven"));
        vm.prank(owner);
        court.appeal(number, "why");
        uint256 judgedBy = court.caseOf(number).closesAt + court.JUDGE_SECONDS();
        vm.expectRevert(abi.encodeWithSelector(DisputeCourt.AppealTime.selector, judgedBy, block.timestamp));
        court.lapse(number);
        vm.warp(judgedBy);
        court.lapse(number);
        vm.assertEq(open.balanceOf(accuser), 100e18);
    }

    function test_only_the_owner_appeals_and_only_in_time() public {
        uint256 number = accuse(said("task", "six"), said("task", "seven"));
        vm.expectRevert(abi.encodeWithSelector(DisputeCourt.NotOwner.selector, NODE, stranger));
        vm.prank(stranger);
        court.appeal(number, "why");

        vm.warp(block.timestamp + 12 hours);
        vm.expectRevert(abi.encodeWithSelector(DisputeCourt.AppealTime.selector, block.timestamp, block.timestamp));
        vm.prank(owner);
        court.appeal(number, "why");
    }

    function test_only_the_judge_judges() public {
        uint256 number = accuse(said("task", "six"), said("task", "seven"));
        vm.prank(owner);
        court.appeal(number, "why");
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, accuser));
        vm.prank(accuser);
        court.judge(number, true);
    }

    // -- No way out

    function test_a_node_that_leaves_cannot_take_its_stake_past_the_court() public {
        vm.prank(owner);
        registry.beginExit(NODE);
        vm.warp(block.timestamp + UNBONDING_SECONDS - 1);
        uint256 number = accuse(said("task", "six"), said("task", "seven"));
        vm.warp(block.timestamp + 12 hours);
        vm.expectRevert(
            abi.encodeWithSelector(
                NodeRegistry.StillBonded.selector, NODE, registry.node(NODE).withdrawableAt, block.timestamp
            )
        );
        registry.withdraw(NODE);
        court.execute(number);
        vm.assertEq(registry.node(NODE).stake, 100e18);
        vm.warp(block.timestamp + 1 days);
        registry.withdraw(NODE);
        vm.assertEq(open.balanceOf(owner), 100e18);
    }

    function test_a_node_that_appeals_and_leaves_then_cannot_outrun_a_slow_judge() public {
        uint256 number = accuse(said("task", "six"), said("task", "seven"));
        vm.prank(owner);
        court.appeal(number, "why");
        vm.prank(owner);
        registry.beginExit(NODE);
        uint256 judgedBy = court.caseOf(number).closesAt + court.JUDGE_SECONDS();
        vm.warp(judgedBy - 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                NodeRegistry.StillBonded.selector, NODE, registry.node(NODE).withdrawableAt, block.timestamp
            )
        );
        registry.withdraw(NODE);
        vm.prank(judge);
        court.judge(number, true);
        vm.assertEq(registry.node(NODE).stake, 100e18);
        vm.warp(judgedBy);
        registry.withdraw(NODE);
        vm.assertEq(open.balanceOf(owner), 100e18);
    }

    function test_a_case_binds_a_stake_past_unbonding_times_that_are_shortened_meanwhile() public {
        uint256 number = accuse(said("task", "six"), said("task", "seven"));
        registry.setTerms(MINIMUM_STAKE, 0);
        vm.prank(owner);
        registry.beginExit(NODE);
        vm.warp(block.timestamp + 12 hours);
        vm.expectRevert();
        registry.withdraw(NODE);
        court.execute(number);
        vm.assertEq(registry.node(NODE).stake, 100e18);
    }

    function test_only_the_court_holds_stakes() public {
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, stranger));
        vm.prank(stranger);
        registry.hold(NODE, uint48(block.timestamp));
    }

    function test_terms_that_leave_no_time_or_take_too_much_are_refused() public {
        DisputeCourt.Terms memory terms = courtTerms();
        terms.appealSeconds = UNBONDING_SECONDS + 1;
        vm.expectRevert(DisputeCourt.BadTerms.selector);
        court.setTerms(terms);
        registry.setTerms(MINIMUM_STAKE, 90 days);
        terms.appealSeconds = 30 days + 1;
        vm.expectRevert(DisputeCourt.BadTerms.selector);
        court.setTerms(terms);
        terms.appealSeconds = 30 days;
        court.setTerms(terms);
        terms = courtTerms();
        terms.penaltyPercent = 101;
        vm.expectRevert(DisputeCourt.BadTerms.selector);
        court.setTerms(terms);
    }

    function accuse(SignedStatement memory first, SignedStatement memory second) private returns (uint256) {
        vm.prank(accuser);
        return court.accuseOfEquivocation(NODE, first, second);
    }

    function said(bytes32 task, bytes32 outcome) private view returns (SignedStatement memory) {
        return said("replica", task, outcome);
    }

    function said(bytes32 replica, bytes32 task, bytes32 outcome) private view returns (SignedStatement memory) {
        bytes memory words = statement(replica, task, outcome);
        bytes32 root = LogProofs.leafHash(words);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(RESULT_PRIVATE_KEY, registry.resultBatchDigest(NODE, root, 1));
        return SignedStatement(words, 0, new bytes32[](0), root, 1, abi.encodePacked(r, s, v));
    }

    function statement(bytes32 replica, bytes32 task, bytes32 outcome) private pure returns (bytes memory) {
        return abi.encode(replica, task, outcome, uint64(7));
    }

    function leaf(bytes32 evidence) private pure returns (ReceiptLeaf memory) {
        return ReceiptLeaf(4, 0, "a job", 0, "nodes", "result", evidence, 0, "document");
    }

    function anchor(bytes32 root) private {
        vm.prank(anchorer);
        log.anchor(0, 1, root);
    }
}
