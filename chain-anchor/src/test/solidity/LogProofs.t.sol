// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LogCampaign} from "./LogCampaign.sol";
import {Network} from "./Network.sol";
import {vm} from "./Test.sol";

contract LogProofsTest is Network {
    function test_every_proof_of_every_tree_of_1_to_40_leaves_holds_and_no_changed_one_does() public {
        LogCampaign campaign = new LogCampaign(log);
        log.setAnchorer(address(campaign));
        (string memory wrong, uint256 proofs) = campaign.run();
        vm.assertEq(wrong, "");
        vm.assertEq(proofs, 40 * 41);
    }
}
