// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AnchorCampaign} from "./AnchorCampaign.sol";
import {BoardCampaign} from "./BoardCampaign.sol";
import {Campaign} from "./Campaign.sol";
import {CourtCampaign} from "./CourtCampaign.sol";
import {DistributorCampaign} from "./DistributorCampaign.sol";
import {EscrowCampaign} from "./EscrowCampaign.sol";
import {Network} from "./Network.sol";
import {PoolCampaign} from "./PoolCampaign.sol";
import {RegistryCampaign} from "./RegistryCampaign.sol";
import {Roles} from "openledger/Roles.sol";
import {vm} from "./Test.sol";
import {VoucherCampaign} from "./VoucherCampaign.sol";

/// @notice Runs a campaign over the real contract: forge draws the steps and asks for the laws after each.
abstract contract Invariants is Network {
    Campaign internal campaign;

    function setUp() public override {
        super.setUp();
        campaign = start();
        manager.grantRole(manager.ADMIN_ROLE(), address(campaign), 0);
        manager.grantRole(Roles.GOVERNANCE, address(campaign), 0);
        manager.grantRole(Roles.JUDGE, address(campaign), 0);
        manager.grantRole(Roles.OPERATOR, address(campaign), 0);
        manager.grantRole(Roles.SLASHER, address(campaign), 0);
        require(open.transfer(address(campaign), open.totalSupply() / 2), "the treasury is empty");
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(campaign);
    }

    function invariant_every_law_holds() external view {
        vm.assertEq(campaign.brokenLaw(), "");
    }

    function start() internal virtual returns (Campaign);
}

contract AnchorLogInvariants is Invariants {
    function start() internal override returns (Campaign) {
        Campaign anchors = new AnchorCampaign(log);
        log.setAnchorer(address(anchors));
        return anchors;
    }
}

contract RewardDistributorInvariants is Invariants {
    function start() internal override returns (Campaign) {
        return new DistributorCampaign(distributor, open);
    }
}

contract EscrowInvariants is Invariants {
    function start() internal override returns (Campaign) {
        return new EscrowCampaign(escrow, open, address(distributor));
    }
}

contract VoucherInvariants is Invariants {
    function start() internal override returns (Campaign) {
        return new VoucherCampaign(escrow, open, address(distributor));
    }
}

contract NodeRegistryInvariants is Invariants {
    function start() internal override returns (Campaign) {
        return new RegistryCampaign(registry, open);
    }
}

contract DisputeCourtInvariants is Invariants {
    function start() internal override returns (Campaign) {
        return new CourtCampaign(court, open);
    }
}

contract PoolRegistryInvariants is Invariants {
    function start() internal override returns (Campaign) {
        return new PoolCampaign(pools, open);
    }
}

contract PolicyBoardInvariants is Invariants {
    function start() internal override returns (Campaign) {
        return new BoardCampaign(board);
    }
}
