// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {AnchorLog} from "openledger/AnchorLog.sol";
import {Escrow} from "openledger/Escrow.sol";
import {NodeRegistry} from "openledger/NodeRegistry.sol";
import {OpenToken} from "openledger/OpenToken.sol";
import {RewardDistributor} from "openledger/RewardDistributor.sol";
import {Roles} from "openledger/Roles.sol";
import {vm} from "./Test.sol";

/// @title Network
/// @notice All contracts, deployed and wired as contracts/README.md says. The test itself administers them and is
/// the treasury.
abstract contract Network {
    uint96 internal constant MINIMUM_STAKE = 100e18;
    uint32 internal constant UNBONDING_SECONDS = 1 days;

    address internal immutable anchorer = vm.addr(uint256(keccak256("anchorer")));
    address internal immutable operator = vm.addr(uint256(keccak256("operator")));
    address internal immutable slasher = vm.addr(uint256(keccak256("slasher")));
    address internal immutable stranger = vm.addr(uint256(keccak256("stranger")));

    AccessManager internal manager;
    OpenToken internal open;
    NodeRegistry internal registry;
    AnchorLog internal log;
    Escrow internal escrow;
    RewardDistributor internal distributor;

    function setUp() public virtual {
        vm.warp(1_800_000_000);
        manager = new AccessManager(address(this));
        open = new OpenToken(address(this));
        registry = new NodeRegistry(address(manager), open, MINIMUM_STAKE, UNBONDING_SECONDS);
        log = new AnchorLog(address(manager), anchorer, "openledger.test/log");
        escrow = new Escrow(address(manager), open);
        distributor = new RewardDistributor(address(manager), open);

        manager.grantRole(Roles.OPERATOR, operator, 0);
        manager.grantRole(Roles.SLASHER, slasher, 0);
        allow(address(escrow), Roles.OPERATOR, Escrow.withdraw.selector);
        allow(address(escrow), Roles.OPERATOR, Escrow.fund.selector);
        allow(address(distributor), Roles.OPERATOR, RewardDistributor.publish.selector);
        allow(address(registry), Roles.SLASHER, NodeRegistry.slash.selector);
        escrow.setDistributor(address(distributor), true);
    }

    function allow(address target, uint64 role, bytes4 selector) internal {
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = selector;
        manager.setTargetFunctionRole(target, selectors, role);
    }

    /// @dev Gives `account` OPEN, and `spender` the right to all of it.
    function provide(address account, address spender, uint256 amount) internal {
        require(open.transfer(account, amount), "the treasury is empty");
        vm.prank(account);
        open.approve(spender, type(uint256).max);
    }
}
