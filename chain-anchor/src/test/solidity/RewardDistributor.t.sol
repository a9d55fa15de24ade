// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {RewardDistributor} from "openledger/RewardDistributor.sol";
import {Network} from "./Network.sol";
import {PAYEES, PayoutTree} from "./PayoutTree.sol";
import {Words, vm} from "./Test.sol";

contract RewardDistributorTest is Network {
    using Words for Words.Reader;

    bytes32 private constant ROOT = keccak256("a root");

    address[PAYEES] private accounts;
    uint256[PAYEES] private earned;

    function setUp() public override {
        super.setUp();
        for (uint256 i = 0; i < accounts.length; ++i) {
            accounts[i] = vm.addr(1 + i);
            earned[i] = (1 + i) * 1e18;
        }
    }

    function test_trees_of_1_to_17_accounts_built_elsewhere_pay_everyone() public {
        Words.Reader memory vectors = Words.open("payouts");
        uint256 trees = vectors.number();
        for (uint256 tree = 1; tree <= trees; ++tree) {
            uint256 size = vectors.number();
            vm.assertEq(size, tree);
            uint256 sum = size * (size + 1) / 2 * 1e18;
            fund(sum);
            publish(uint64(tree - 1), uint64(tree), vectors.hash(), distributor.total() + sum);
            for (uint256 i = 0; i < size; ++i) {
                (address account, uint256 amount) = (vectors.account(), vectors.number());
                vm.assertEq(distributor.claim(account, amount, vectors.path()), amount);
                vm.assertEq(open.balanceOf(account), amount);
            }
        }
        vm.assertTrue(vectors.atEnd());
        vm.assertEq(open.balanceOf(address(distributor)), 0);
    }

    function test_a_claim_is_paid_to_its_account_whoever_brings_it() public {
        publishEarned(0, 1);
        vm.expectEmit(address(distributor));
        emit RewardDistributor.Claimed(accounts[2], 3e18, 3e18);
        vm.prank(stranger);
        claim(2);
        vm.assertEq(open.balanceOf(accounts[2]), 3e18);
        vm.assertEq(open.balanceOf(stranger), 0);
        vm.assertEq(distributor.claimed(accounts[2]), 3e18);
        vm.assertEq(distributor.totalClaimed(), 3e18);
    }

    function test_a_second_claim_pays_nothing() public {
        publishEarned(0, 1);
        vm.assertEq(claim(2), 3e18);
        vm.assertEq(claim(2), 0);
        vm.assertEq(open.balanceOf(accounts[2]), 3e18);
    }

    function test_a_later_epoch_pays_the_difference() public {
        publishEarned(0, 1);
        claim(2);
        earned[2] += 5e18;
        publishEarned(1, 2);
        vm.assertEq(claim(2), 5e18);
        vm.assertEq(claim(3), 4e18);
        vm.assertEq(open.balanceOf(accounts[2]), 8e18);
    }

    function testFuzz_a_claim_for_another_sum_or_another_account_is_refused(uint8 i, uint256 sum) public {
        uint256 index = i % accounts.length;
        vm.assume(sum != earned[index]);
        publishEarned(0, 1);
        bytes32[] memory proof = PayoutTree.proof(accounts, earned, index);
        vm.expectRevert(abi.encodeWithSelector(RewardDistributor.InvalidProof.selector, accounts[index], sum));
        distributor.claim(accounts[index], sum, proof);
        vm.expectRevert(abi.encodeWithSelector(RewardDistributor.InvalidProof.selector, stranger, earned[index]));
        distributor.claim(stranger, earned[index], proof);
    }

    function test_a_foreign_proof_and_one_of_an_earlier_epoch_are_refused() public {
        publishEarned(0, 1);
        uint256 before = earned[2];
        bytes32[] memory own = PayoutTree.proof(accounts, earned, 2);
        bytes32[] memory foreign = PayoutTree.proof(accounts, earned, 3);
        bytes memory refused = abi.encodeWithSelector(RewardDistributor.InvalidProof.selector, accounts[2], before);
        vm.expectRevert(refused);
        distributor.claim(accounts[2], before, foreign);

        earned[2] += 5e18;
        publishEarned(1, 2);
        vm.expectRevert(refused);
        distributor.claim(accounts[2], before, own);
    }

    function test_nothing_can_be_claimed_before_the_first_epoch() public {
        fund(1e18);
        vm.expectRevert(abi.encodeWithSelector(RewardDistributor.InvalidProof.selector, stranger, 1e18));
        distributor.claim(stranger, 1e18, new bytes32[](0));
    }

    function test_an_epoch_is_announced_and_the_same_one_sent_twice_takes_effect_once() public {
        fund(1e18);
        vm.expectEmit(address(distributor));
        emit RewardDistributor.EpochPublished(4, ROOT, 1e18);
        publish(0, 4, ROOT, 1e18);
        vm.assertEq(distributor.epoch(), 4);
        vm.assertEq(distributor.root(), ROOT);
        vm.assertEq(distributor.total(), 1e18);

        vm.expectRevert(abi.encodeWithSelector(RewardDistributor.StaleEpoch.selector, 4, 0));
        publish(0, 4, ROOT, 1e18);
    }

    function testFuzz_epochs_count_upwards(uint64 epoch, uint64 toEpoch) public {
        vm.assume(epoch > 0 && toEpoch <= epoch);
        publish(0, epoch, ROOT, 0);
        vm.expectRevert(abi.encodeWithSelector(RewardDistributor.EpochDoesNotGrow.selector, epoch, toEpoch));
        publish(epoch, toEpoch, ROOT, 0);
    }

    function testFuzz_no_more_is_published_than_was_ever_funded(uint96 funded, uint96 excess) public {
        vm.assume(excess > 0 && funded < 1e26);
        fund(funded);
        uint256 total = uint256(funded) + excess;
        vm.expectRevert(abi.encodeWithSelector(RewardDistributor.Underfunded.selector, funded, total));
        publish(0, 1, ROOT, total);
        publish(0, 1, ROOT, funded);
    }

    function test_what_was_claimed_counts_as_funded() public {
        publishEarned(0, 1);
        claim(7);
        uint256 total = distributor.total();
        publish(1, 2, ROOT, total);
        vm.expectRevert(abi.encodeWithSelector(RewardDistributor.Underfunded.selector, total, total + 1));
        publish(2, 3, ROOT, total + 1);
    }

    function test_the_total_never_falls() public {
        fund(2e18);
        publish(0, 1, ROOT, 2e18);
        vm.expectRevert(abi.encodeWithSelector(RewardDistributor.TotalFell.selector, 2e18, 1e18));
        publish(1, 2, ROOT, 1e18);
    }

    function test_a_root_that_promises_more_than_its_total_pays_no_more_than_its_total() public {
        fund(100e18);
        publish(0, 1, PayoutTree.root(accounts, earned), 35e18);
        for (uint256 i = 0; i < 7; ++i) {
            claim(i);
        }
        bytes32[] memory proof = PayoutTree.proof(accounts, earned, 7);
        vm.expectRevert(abi.encodeWithSelector(RewardDistributor.ClaimsExceedTotal.selector, 35e18, 36e18));
        distributor.claim(accounts[7], earned[7], proof);
    }

    function test_an_epoch_pays_when_its_time_of_challenge_is_over_and_the_one_before_it_until_then() public {
        publishEarned(0, 1);
        distributor.setChallengeSeconds(1 hours);
        uint256 before = earned[2];
        bytes32[] memory old = PayoutTree.proof(accounts, earned, 2);
        earned[2] += 5e18;
        publishEarned(1, 2);
        vm.assertEq(distributor.epoch(), 2);
        vm.assertEq(distributor.paysAt(), block.timestamp + 1 hours);

        vm.assertEq(distributor.claim(accounts[2], before, old), 3e18);
        bytes32[] memory proof = PayoutTree.proof(accounts, earned, 2);
        bytes memory refused = abi.encodeWithSelector(RewardDistributor.InvalidProof.selector, accounts[2], earned[2]);
        vm.expectRevert(refused);
        distributor.claim(accounts[2], earned[2], proof);
        vm.warp(block.timestamp + 1 hours - 1);
        vm.expectRevert(refused);
        distributor.claim(accounts[2], earned[2], proof);
        vm.warp(block.timestamp + 1);
        vm.assertEq(claim(2), 5e18);
        vm.assertEq(distributor.epoch(), 2);
        vm.assertEq(distributor.paysAt(), 0);
    }

    function test_a_rejected_epoch_never_pays_and_the_one_before_it_stands() public {
        publishEarned(0, 1);
        distributor.setChallengeSeconds(1 hours);
        uint256 total = distributor.total();
        publish(1, 2, ROOT, total);
        vm.expectEmit(address(distributor));
        emit RewardDistributor.EpochRejected(2, ROOT);
        distributor.reject(2);

        vm.assertEq(distributor.epoch(), 1);
        vm.assertEq(distributor.total(), total);
        vm.warp(block.timestamp + 1 hours);
        vm.assertEq(claim(2), 3e18);
        publishEarned(1, 2);
        vm.assertEq(distributor.epoch(), 2);
    }

    function test_while_an_epoch_can_be_challenged_no_other_is_published() public {
        distributor.setChallengeSeconds(1 hours);
        vm.expectEmit(address(distributor));
        emit RewardDistributor.EpochPublished(1, ROOT, 0);
        vm.expectEmit(address(distributor));
        emit RewardDistributor.EpochWaits(1, uint48(block.timestamp + 1 hours));
        publish(0, 1, ROOT, 0);
        vm.expectRevert(
            abi.encodeWithSelector(RewardDistributor.ChallengeRunning.selector, 1, block.timestamp + 1 hours)
        );
        publish(1, 2, ROOT, 0);
        vm.warp(block.timestamp + 1 hours);
        publish(1, 2, ROOT, 0);
        vm.assertEq(distributor.epoch(), 2);
    }

    function test_what_pays_already_is_not_rejected_and_not_by_anybody() public {
        publish(0, 1, ROOT, 0);
        vm.expectRevert(abi.encodeWithSelector(RewardDistributor.NothingToReject.selector, 1));
        distributor.reject(1);
        distributor.setChallengeSeconds(1 hours);
        publish(1, 2, ROOT, 0);
        vm.expectRevert(abi.encodeWithSelector(RewardDistributor.NothingToReject.selector, 1));
        distributor.reject(1);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, operator));
        vm.prank(operator);
        distributor.reject(2);
        vm.warp(block.timestamp + 1 hours);
        vm.expectRevert(abi.encodeWithSelector(RewardDistributor.NothingToReject.selector, 2));
        distributor.reject(2);
    }

    function test_only_the_operator_publishes() public {
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, stranger));
        vm.prank(stranger);
        distributor.publish(0, 1, ROOT, 0);
    }

    /// @dev Funds what is missing for all that is earned, and publishes it.
    function publishEarned(uint64 fromEpoch, uint64 toEpoch) private {
        uint256 total;
        for (uint256 i = 0; i < earned.length; ++i) {
            total += earned[i];
        }
        fund(total - distributor.total());
        publish(fromEpoch, toEpoch, PayoutTree.root(accounts, earned), total);
    }

    function publish(uint64 fromEpoch, uint64 toEpoch, bytes32 root, uint256 total) private {
        vm.prank(operator);
        distributor.publish(fromEpoch, toEpoch, root, total);
    }

    function claim(uint256 i) private returns (uint256) {
        return distributor.claim(accounts[i], earned[i], PayoutTree.proof(accounts, earned, i));
    }

    function fund(uint256 amount) private {
        require(open.transfer(address(distributor), amount), "the treasury is empty");
    }
}
