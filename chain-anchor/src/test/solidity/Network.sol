// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {AnchorLog} from "openledger/AnchorLog.sol";
import {DisputeCourt} from "openledger/DisputeCourt.sol";
import {Escrow} from "openledger/Escrow.sol";
import {GovOpen} from "openledger/GovOpen.sol";
import {NodeRegistry} from "openledger/NodeRegistry.sol";
import {OpenLedgerGovernor} from "openledger/OpenLedgerGovernor.sol";
import {OpenToken} from "openledger/OpenToken.sol";
import {PolicyBoard} from "openledger/PolicyBoard.sol";
import {PoolRegistry} from "openledger/PoolRegistry.sol";
import {RewardDistributor} from "openledger/RewardDistributor.sol";
import {Roles} from "openledger/Roles.sol";
import {vm} from "./Test.sol";

/// @title Network
/// @notice All contracts, deployed and wired as contracts/README.md says. The test itself administers them and is
/// the treasury.
abstract contract Network {
    uint96 internal constant MINIMUM_STAKE = 100e18;
    uint32 internal constant UNBONDING_SECONDS = 1 days;
    uint96 internal constant MINIMUM_BOND = 500e18;
    uint32 internal constant NOTICE_SECONDS = 1 hours;

    address internal immutable anchorer = vm.addr(uint256(keccak256("anchorer")));
    address internal immutable operator = vm.addr(uint256(keccak256("operator")));
    address internal immutable treasury = vm.addr(uint256(keccak256("treasury")));
    address internal immutable judge = vm.addr(uint256(keccak256("judge")));
    address internal immutable slasher = vm.addr(uint256(keccak256("slasher")));
    address internal immutable stranger = vm.addr(uint256(keccak256("stranger")));

    AccessManager internal manager;
    OpenToken internal open;
    NodeRegistry internal registry;
    AnchorLog internal log;
    Escrow internal escrow;
    RewardDistributor internal distributor;
    GovOpen internal votes;
    TimelockController internal timelock;
    OpenLedgerGovernor internal governor;
    PolicyBoard internal board;
    PoolRegistry internal pools;
    DisputeCourt internal court;

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
        allow(address(registry), Roles.SLASHER, NodeRegistry.hold.selector);
        escrow.setDistributor(address(distributor), true);
        govern();
    }

    /// @dev The second half: who votes, what the votes decide, and who judges. The terms are the deployed network's.
    function govern() private {
        votes = new GovOpen(open);
        timelock = new TimelockController(1 days, new address[](0), new address[](1), address(this));
        governor = new OpenLedgerGovernor(votes, timelock, 1 days, 2 weeks, 100e18, 25);
        timelock.grantRole(timelock.PROPOSER_ROLE(), address(governor));
        timelock.grantRole(timelock.CANCELLER_ROLE(), address(governor));
        timelock.renounceRole(timelock.DEFAULT_ADMIN_ROLE(), address(this));

        board = new PolicyBoard(address(manager), NOTICE_SECONDS);
        pools = new PoolRegistry(address(manager), open, treasury, MINIMUM_BOND, UNBONDING_SECONDS);
        court = new DisputeCourt(address(manager), registry, log, treasury, courtTerms());
        manager.grantRole(Roles.GOVERNANCE, address(timelock), 0);
        manager.grantRole(Roles.SLASHER, address(court), 0);
        manager.grantRole(Roles.JUDGE, judge, 0);
        allow(address(board), Roles.GOVERNANCE, PolicyBoard.publish.selector);
        allow(address(court), Roles.JUDGE, DisputeCourt.judge.selector);
    }

    function courtTerms() internal pure returns (DisputeCourt.Terms memory) {
        return DisputeCourt.Terms({bond: 10e18, penaltyPercent: 50, bountyPercent: 20, appealSeconds: 12 hours});
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
