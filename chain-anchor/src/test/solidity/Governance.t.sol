// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {PolicyBoard} from "openledger/PolicyBoard.sol";
import {Network} from "./Network.sol";
import {vm} from "./Test.sol";

/// @notice From coins to rules in force: the whole way, and what stops on it.
contract GovernanceTest is Network {
    string private constant WHY = "# Ban mining";
    bytes private constant RULES = '{"epoch":"1"}';

    address private immutable holder = vm.addr(uint256(keccak256("holder")));
    address private immutable small = vm.addr(uint256(keccak256("small holder")));

    function setUp() public override {
        super.setUp();
        wrap(holder, 1000e18);
        wrap(small, 99e18);
        vm.warp(block.timestamp + 1);
    }

    function test_what_the_holders_decide_binds_after_timelock_and_notice() public {
        uint256 proposal = propose(holder);
        vm.warp(block.timestamp + governor.votingDelay() + 1);
        vote(holder, proposal, 1);
        vm.warp(block.timestamp + governor.votingPeriod());
        governor.queue(targets(), values(), calls(0), keccak256(bytes(WHY)));
        vm.warp(block.timestamp + timelock.getMinDelay());
        governor.execute(targets(), values(), calls(0), keccak256(bytes(WHY)));

        vm.assertEq(board.latest().ruleHash, sha256(RULES));
        vm.assertEq(board.inForce().number, 0, "the notice is running");
        vm.warp(board.latest().effectiveAt);
        vm.assertEq(board.inForce().number, 1);
    }

    function test_the_terms_are_those_of_the_deployed_governor() public view {
        vm.assertEq(governor.proposalThreshold(), 100e18);
        vm.assertEq(governor.votingDelay(), 1 days);
        vm.assertEq(governor.votingPeriod(), 2 weeks);
        vm.assertEq(governor.quorumNumerator(), 25);
        vm.assertEq(timelock.getMinDelay(), 1 days);
        vm.assertEq(keccak256(bytes(governor.CLOCK_MODE())), keccak256("mode=timestamp"));
    }

    function test_who_has_less_than_the_threshold_cannot_propose() public {
        vm.expectRevert(
            abi.encodeWithSelector(IGovernor.GovernorInsufficientProposerVotes.selector, small, 99e18, 100e18)
        );
        propose(small);
    }

    function test_a_quarter_of_all_votes_is_needed() public {
        // 1,099 GOPEN are wrapped, of which a quarter is 274.75.
        uint256 proposal = propose(holder);
        vm.warp(block.timestamp + governor.votingDelay() + 1);
        vote(small, proposal, 1);
        vm.warp(block.timestamp + governor.votingPeriod());
        vm.assertEq(uint8(governor.state(proposal)), uint8(IGovernor.ProposalState.Defeated));
    }

    function test_nothing_is_executed_before_its_time() public {
        uint256 proposal = propose(holder);
        vm.warp(block.timestamp + governor.votingDelay() + 1);
        vote(holder, proposal, 1);
        vm.warp(block.timestamp + governor.votingPeriod());
        governor.queue(targets(), values(), calls(0), keccak256(bytes(WHY)));
        vm.warp(block.timestamp + timelock.getMinDelay() - 1);
        vm.expectRevert();
        governor.execute(targets(), values(), calls(0), keccak256(bytes(WHY)));
    }

    function test_coins_bought_after_the_proposal_do_not_vote_on_it() public {
        uint256 proposal = propose(holder);
        vm.warp(block.timestamp + governor.votingDelay() + 1);
        address late = vm.addr(uint256(keccak256("late")));
        wrap(late, 1_000_000e18);
        vm.warp(block.timestamp + 1);
        vm.prank(late);
        vm.assertEq(governor.castVote(proposal, 0), 0);
    }

    function test_wrapped_coins_come_back_one_to_one() public {
        vm.prank(holder);
        votes.withdraw(400e18);
        vm.assertEq(open.balanceOf(holder), 400e18);
        vm.assertEq(votes.balanceOf(holder), 600e18);
        vm.assertEq(votes.getVotes(holder), 600e18);
        vm.assertEq(open.balanceOf(address(votes)), votes.totalSupply());
    }

    function test_only_the_timelock_publishes_rules() public {
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, holder));
        vm.prank(holder);
        board.publish(0, RULES);
    }

    function test_rules_written_against_an_older_epoch_are_refused() public {
        publish(0, RULES);
        vm.warp(board.latest().effectiveAt);
        vm.expectRevert(abi.encodeWithSelector(PolicyBoard.StaleEpoch.selector, 1, 0));
        publish(0, RULES);
    }

    function test_while_rules_wait_for_their_time_there_are_no_others() public {
        publish(0, RULES);
        vm.expectRevert(abi.encodeWithSelector(PolicyBoard.EpochPending.selector, board.latest().effectiveAt));
        publish(1, RULES);
    }

    function test_the_rules_travel_in_the_event() public {
        vm.expectEmit(address(board));
        emit PolicyBoard.RulesPublished(1, sha256(RULES), uint48(block.timestamp + NOTICE_SECONDS), RULES);
        publish(0, RULES);
    }

    function testFuzz_rules_have_a_length(uint16 length) public {
        vm.assume(length == 0 || length > 16_384);
        vm.expectRevert(abi.encodeWithSelector(PolicyBoard.RulesLength.selector, 16_384, length));
        publish(0, new bytes(length));
    }

    function test_a_notice_has_an_end() public {
        vm.expectRevert(abi.encodeWithSelector(PolicyBoard.NoticeTooLong.selector, 30 days, 30 days + 1));
        board.setNotice(30 days + 1);
        board.setNotice(30 days);
        vm.assertEq(board.noticeSeconds(), 30 days);
    }

    function publish(uint64 fromNumber, bytes memory rules) private {
        vm.prank(address(timelock));
        board.publish(fromNumber, rules);
    }

    function propose(address proposer) private returns (uint256) {
        vm.prank(proposer);
        return governor.propose(targets(), values(), calls(0), WHY);
    }

    function vote(address voter, uint256 proposal, uint8 support) private {
        vm.prank(voter);
        governor.castVote(proposal, support);
    }

    function wrap(address account, uint256 amount) private {
        provide(account, address(votes), amount);
        vm.prank(account);
        votes.deposit(amount);
        vm.prank(account);
        votes.delegate(account);
    }

    function targets() private view returns (address[] memory list) {
        list = new address[](1);
        list[0] = address(board);
    }

    function values() private pure returns (uint256[] memory) {
        return new uint256[](1);
    }

    function calls(uint64 fromNumber) private pure returns (bytes[] memory list) {
        list = new bytes[](1);
        list[0] = abi.encodeCall(PolicyBoard.publish, (fromNumber, RULES));
    }
}
