// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {AnchorLog, ReceiptLeaf} from "openledger/AnchorLog.sol";
import {LogProofs} from "openledger/LogProofs.sol";
import {Network} from "./Network.sol";
import {vm} from "./Test.sol";

contract AnchorLogTest is Network {
    bytes32 private constant ROOT = keccak256("a root");

    function test_a_new_log_is_the_empty_tree() public view {
        AnchorLog.Checkpoint memory checkpoint = log.checkpoint();
        vm.assertEq(checkpoint.size, 0);
        vm.assertEq(checkpoint.root, sha256(""));
        vm.assertEq(checkpoint.anchoredAt, 0);
        vm.assertEq(log.originHash(), sha256("openledger.test/log"));
    }

    function test_an_anchored_checkpoint_can_be_read_and_is_announced() public {
        vm.expectEmit(address(log));
        emit AnchorLog.CheckpointAnchored(7, ROOT, 0);
        anchor(0, 7, ROOT);

        AnchorLog.Checkpoint memory checkpoint = log.checkpoint();
        vm.assertEq(checkpoint.size, 7);
        vm.assertEq(log.size(), 7);
        vm.assertEq(checkpoint.root, ROOT);
        vm.assertEq(log.root(), ROOT);
        vm.assertEq(checkpoint.anchoredAt, block.timestamp);
    }

    function test_the_same_checkpoint_sent_twice_takes_effect_once() public {
        anchor(0, 7, ROOT);
        vm.expectRevert(abi.encodeWithSelector(AnchorLog.StaleCheckpoint.selector, 7, 0));
        anchor(0, 7, ROOT);
    }

    function testFuzz_only_a_checkpoint_that_starts_at_the_size_of_the_log_lands(uint48 size, uint64 fromSize) public {
        vm.assume(size > 0 && fromSize != size && fromSize < type(uint64).max);
        anchor(0, size, ROOT);
        vm.expectRevert(abi.encodeWithSelector(AnchorLog.StaleCheckpoint.selector, size, fromSize));
        anchor(fromSize, fromSize + 1, ROOT);
        vm.assertEq(log.size(), size);
    }

    function testFuzz_a_checkpoint_adds_leaves(uint48 size, uint64 toSize) public {
        vm.assume(size > 0 && toSize <= size);
        anchor(0, size, ROOT);
        vm.expectRevert(abi.encodeWithSelector(AnchorLog.CheckpointDoesNotGrow.selector, size, toSize));
        anchor(size, toSize, ROOT);
    }

    function test_a_size_beyond_48_bits_is_refused_and_not_cut_off() public {
        vm.expectRevert();
        anchor(0, uint64(type(uint48).max) + 1, ROOT);
        anchor(0, type(uint48).max, ROOT);
        vm.assertEq(log.size(), type(uint48).max);
    }

    function test_only_the_anchorer_anchors() public {
        vm.expectRevert(abi.encodeWithSelector(AnchorLog.NotAnchorer.selector, address(this), anchorer));
        log.anchor(0, 7, ROOT);
    }

    function test_the_administrator_changes_the_anchorer_and_nobody_else_does() public {
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, stranger));
        vm.prank(stranger);
        log.setAnchorer(stranger);

        vm.expectEmit(address(log));
        emit AnchorLog.AnchorerChanged(anchorer, stranger);
        log.setAnchorer(stranger);
        vm.assertEq(log.anchorer(), stranger);

        vm.expectRevert(abi.encodeWithSelector(AnchorLog.NotAnchorer.selector, anchorer, stranger));
        anchor(0, 7, ROOT);
        vm.prank(stranger);
        log.anchor(0, 7, ROOT);
    }

    function test_a_leaf_is_decoded_and_found() public {
        bytes memory leaf = abi.encode(receipt());
        anchor(0, 1, LogProofs.leafHash(leaf));

        (bool included, ReceiptLeaf memory decoded) = log.verifyLeaf(leaf, 0, 1, new bytes32[](0));
        vm.assertTrue(included);
        vm.assertEq(keccak256(abi.encode(decoded)), keccak256(leaf));
    }

    function testFuzz_a_leaf_with_one_flipped_bit_is_not_found(uint256 bit) public {
        bytes memory leaf = abi.encode(receipt());
        anchor(0, 1, LogProofs.leafHash(leaf));
        bit %= leaf.length * 8;
        leaf[bit / 8] ^= bytes1(uint8(1 << (bit % 8)));

        // Bits above a small number's type do not decode; all others decode to another leaf.
        try log.verifyLeaf(leaf, 0, 1, new bytes32[](0)) returns (bool included, ReceiptLeaf memory) {
            vm.assertFalse(included);
        } catch {
            uint256 field = bit / 256;
            vm.assertTrue(field == 0 || field == 1 || field == 3);
        }
    }

    function testFuzz_a_leaf_of_another_length_is_refused(uint16 length) public {
        vm.assume(length != 288);
        vm.expectRevert(abi.encodeWithSelector(AnchorLog.LeafLength.selector, 288, length));
        log.verifyLeaf(new bytes(length), 0, 1, new bytes32[](0));
    }

    function test_a_proof_for_another_size_names_the_size_of_the_log() public {
        anchor(0, 2, ROOT);
        vm.expectRevert(abi.encodeWithSelector(AnchorLog.StaleCheckpoint.selector, 2, 1));
        log.verifyInclusion(ROOT, 0, 1, new bytes32[](0));
    }

    function anchor(uint64 fromSize, uint64 toSize, bytes32 root) private {
        vm.prank(anchorer);
        log.anchor(fromSize, toSize, root);
    }

    function receipt() private pure returns (ReceiptLeaf memory) {
        return ReceiptLeaf({
            version: 1,
            kind: 2,
            jobId: bytes32(bytes16(0x00112233445566778899aabbccddeeff)),
            revision: 3,
            nodeSetHash: keccak256("nodes"),
            resultDigest: keccak256("result"),
            evidenceRoot: keccak256("evidence"),
            ruleHash: 0,
            documentDigest: keccak256("document")
        });
    }
}
