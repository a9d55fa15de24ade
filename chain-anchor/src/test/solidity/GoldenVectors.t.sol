// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {GoldenFormats} from "./GoldenFormats.sol";
import {Network} from "./Network.sol";
import {vm} from "./Test.sol";

/// @notice The golden vectors of the Java code, computed again by contracts, from the same files.
contract GoldenVectorsTest is Network {
    string private constant PROTOCOL = "../protocol/src/test/resources/golden/";
    string private constant LOG = "src/test/resources/golden/";
    uint256 private constant CASES = 12;

    function test_a_task_is_identified() public {
        hold(PROTOCOL, "task", GoldenFormats.task.selector, ".gives.identity");
    }

    function test_an_outcome_is_committed_to() public {
        hold(PROTOCOL, "commitment", GoldenFormats.commitment.selector, ".gives.commitment");
    }

    function test_a_policy_is_digested() public {
        hold(PROTOCOL, "policy", GoldenFormats.policy.selector, ".gives.digest");
    }

    function test_a_statement_is_a_leaf() public {
        hold(PROTOCOL, "statement", GoldenFormats.statement.selector, ".gives.leafHash");
    }

    function test_a_batch_of_statements_is_signed() public {
        hold(PROTOCOL, "batch", GoldenFormats.batch.selector, ".gives.hash");
        seen(PROTOCOL, "batch", GoldenFormats.batch.selector, ".gives.signer");
        seen(PROTOCOL, "batch", GoldenFormats.batch.selector, ".gives.signature");
        seen(PROTOCOL, "batch", GoldenFormats.batch.selector, ".gives.root");
    }

    function test_a_session_key_is_authorised() public {
        hold(PROTOCOL, "session-key", GoldenFormats.sessionKey.selector, ".gives.hash");
        seen(PROTOCOL, "session-key", GoldenFormats.sessionKey.selector, ".gives.signer");
        seen(PROTOCOL, "session-key", GoldenFormats.sessionKey.selector, ".given.capNanoOpen");
    }

    function test_a_voucher_is_signed() public {
        hold(PROTOCOL, "voucher", GoldenFormats.voucher.selector, ".gives.hash");
        seen(PROTOCOL, "voucher", GoldenFormats.voucher.selector, ".gives.compact");
        seen(PROTOCOL, "voucher", GoldenFormats.voucher.selector, ".given.cumulativeNanoOpen");
    }

    function test_a_receipt_is_a_leaf() public {
        hold(PROTOCOL, "receipt", GoldenFormats.receipt.selector, ".gives.leafHash");
        seen(PROTOCOL, "receipt", GoldenFormats.receipt.selector, ".gives.digest");
    }

    function test_leaves_are_proven() public {
        hold(PROTOCOL, "merkle", GoldenFormats.merkle.selector, ".gives.root");
        seen(PROTOCOL, "merkle", GoldenFormats.merkle.selector, ".gives.inclusion[0][0]");
        seen(PROTOCOL, "merkle", GoldenFormats.merkle.selector, ".gives.consistency[0][0]");
    }

    function test_a_checkpoint_is_written_down() public {
        hold(LOG, "checkpoint", GoldenFormats.checkpoint.selector, ".given.root");
    }

    /// @dev Every vector of the file holds, and one that is changed does not.
    function hold(string memory folder, string memory format, bytes4 check, string memory field) private {
        GoldenFormats formats = new GoldenFormats(registry, escrow);
        string memory json = vm.readFile(string.concat(folder, format, ".json"));
        for (uint256 i = 0; i < CASES; ++i) {
            string memory vector = string.concat("$[", vm.toString(i), "]");
            vm.assertTrue(holds(formats, check, json, vector), string.concat(format, ".json ", vector));
        }
        vm.assertFalse(
            vm.keyExistsJson(json, string.concat("$[", vm.toString(CASES), "]")), "more vectors than checked"
        );
        seen(folder, format, check, field);
    }

    /// @dev A change of one letter of this field of the first vector is noticed.
    function seen(string memory folder, string memory format, bytes4 check, string memory field) private {
        string memory json = vm.readFile(string.concat(folder, format, ".json"));
        string memory was = vm.parseJsonString(json, string.concat("$[0]", field));
        bytes memory changed = bytes(string.concat(was));
        uint256 place = changed.length - 2;
        changed[place] = changed[place] == "0" ? bytes1("1") : bytes1("0");
        string memory other = vm.replace(json, was, string(changed));
        vm.assertFalse(holds(new GoldenFormats(registry, escrow), check, other, "$[0]"), string.concat(format, field));
    }

    /// @dev A vector that cannot even be read does not hold.
    function holds(GoldenFormats formats, bytes4 check, string memory json, string memory vector)
        private
        returns (bool)
    {
        (bool read, bytes memory answer) = address(formats).call(abi.encodeWithSelector(check, json, vector));
        return read && abi.decode(answer, (bool));
    }
}
