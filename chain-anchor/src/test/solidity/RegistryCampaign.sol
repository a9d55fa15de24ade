// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {NodeId, PoolId} from "openledger/Identifiers.sol";
import {NodeRegistry} from "openledger/NodeRegistry.sol";
import {OpenToken} from "openledger/OpenToken.sol";
import {Campaign} from "./Campaign.sol";
import {bound, vm} from "./Test.sol";

/// @notice Four nodes that join, add stake, leave, come back and are slashed, each also at the wrong moment.
/// @dev Needs OPEN for the stakes, and the slasher's right.
contract RegistryCampaign is Campaign {
    uint256 private constant NODES = 4;
    // The private keys that the nodes sign their results with start here.
    uint256 private constant RESULT_KEY = 101;

    NodeRegistry private immutable registry;
    OpenToken private immutable open;

    uint256[NODES] private stake;
    uint256[NODES] private heldUntil;
    uint256 private clock = 1_800_000_000;

    constructor(NodeRegistry registry_, OpenToken open_) {
        registry = registry_;
        open = open_;
    }

    function act(uint256 random) internal override {
        vm.warp(clock);
        uint256 action = random % 16;
        uint256 n = (random >> 8) % NODES;
        random >>= 16;
        NodeRegistry.Status status = registry.node(id(n)).status;
        if (action < 3) clock += bound(random, 1, 1 days);
        else if (action < 5) slash(n, random);
        else if (action < 6) registerAsAnother(n);
        else if (action < 7) signAsAnother(n, random);
        else if (action < 8) hold(n, random);
        else if (status == NodeRegistry.Status.Active && action < 12) addStake(n, random);
        else if (status == NodeRegistry.Status.Active) beginExit(n, random);
        else if (status == NodeRegistry.Status.Exiting) withdraw(n);
        else register(n, random);
    }

    function register(uint256 n, uint256 random) private {
        uint96 amount = uint96(bound(random, registry.terms().minimumStake, 1000e18));
        address payer = random % 2 == 0 ? owner(n) : sponsor();
        provide(payer, amount);
        vm.prank(payer);
        if (payer == owner(n)) registry.register(id(n), resultKey(n), bytes32(random), PoolId.wrap(0), amount);
        else registry.registerFor(owner(n), id(n), resultKey(n), bytes32(random), PoolId.wrap(0), amount);
        stake[n] = amount;
    }

    /// @dev Whatever state the node is in, once it lived nobody else may take its name, nor its key change.
    function registerAsAnother(uint256 n) private {
        if (registry.node(id(n)).status == NodeRegistry.Status.Unknown) return;
        uint96 amount = registry.terms().minimumStake;
        provide(sponsor(), amount);
        vm.prank(sponsor());
        try registry.registerFor(owner(n), id(n), resultKey(n + 1), 0, PoolId.wrap(0), amount) {
            breach("a node's result key changed");
        } catch {}
    }

    function signAsAnother(uint256 n, uint256 random) private {
        bytes32 root = bytes32(random);
        if (registry.node(id(n)).status == NodeRegistry.Status.Unknown) return;
        if (!registry.verifyResultBatch(id(n), root, 1, sign(n, root, RESULT_KEY + n))) {
            breach("a node's own signature was refused");
        }
        if (registry.verifyResultBatch(id(n), root, 1, sign(n, root, RESULT_KEY + n + 1))) {
            breach("a node was held to another's signature");
        }
    }

    function sign(uint256 n, bytes32 root, uint256 key) private view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, registry.resultBatchDigest(id(n), root, 1));
        return abi.encodePacked(r, s, v);
    }

    function addStake(uint256 n, uint256 random) private {
        uint96 amount = uint96(bound(random, 0, 1000e18));
        address staker = registry.node(id(n)).staker;
        provide(staker, amount);
        vm.prank(staker);
        registry.addStake(id(n), amount);
        stake[n] += amount;
    }

    function beginExit(uint256 n, uint256 random) private {
        vm.prank(random % 2 == 0 ? owner(n) : registry.node(id(n)).staker);
        registry.beginExit(id(n));
    }

    function withdraw(uint256 n) private {
        NodeRegistry.Node memory node = registry.node(id(n));
        uint256 before = open.balanceOf(node.staker);
        try registry.withdraw(id(n)) {
            if (clock < node.withdrawableAt) breach("a stake was released before its time");
            if (clock < heldUntil[n]) breach("a stake was released during a case against its node");
            if (open.balanceOf(node.staker) - before != stake[n]) breach("the staker did not get the stake");
            stake[n] = 0;
            heldUntil[n] = 0;
            try registry.withdraw(id(n)) {
                breach("a stake was withdrawn twice");
            } catch {}
        } catch {
            if (clock >= node.withdrawableAt) breach("a free stake was withheld");
        }
    }

    /// @dev As a court does, while the node is active or leaving.
    function hold(uint256 n, uint256 random) private {
        uint256 until = clock + bound(random, 1, 3 days);
        registry.hold(id(n), uint48(until));
        if (stake[n] > 0 && until > heldUntil[n]) heldUntil[n] = until;
    }

    function slash(uint256 n, uint256 random) private {
        uint96 amount = uint96(bound(random, 0, 500e18));
        uint256 before = open.balanceOf(beneficiary());
        uint256 slashed = registry.slash(id(n), amount, beneficiary(), bytes32(random));
        if (slashed > stake[n]) breach("more was slashed than was at stake");
        else stake[n] -= slashed;
        if (open.balanceOf(beneficiary()) - before != slashed) breach("the beneficiary did not get what was slashed");
    }

    function unbalanced() internal view override returns (string memory) {
        uint256 sum;
        for (uint256 n = 0; n < NODES; ++n) {
            NodeRegistry.Node memory node = registry.node(id(n));
            if (node.stake != stake[n]) return "a stake differs from what was paid in and taken out";
            if (node.status != NodeRegistry.Status.Unknown) {
                if (node.owner != owner(n)) return "a node's owner changed";
                if (node.resultKey != resultKey(n)) return "a node's result key changed";
            }
            sum += node.stake;
        }
        if (open.balanceOf(address(registry)) != sum) return "OPEN appeared or vanished";
        return "";
    }

    function provide(address account, uint256 amount) private {
        require(open.transfer(account, amount), "the campaign is out of OPEN");
        vm.prank(account);
        open.approve(address(registry), amount);
    }

    function id(uint256 n) private pure returns (NodeId) {
        return NodeId.wrap(bytes16(uint128(n + 1)));
    }

    function owner(uint256 n) private pure returns (address) {
        return vm.addr(1 + n);
    }

    function resultKey(uint256 n) private pure returns (address) {
        return vm.addr(RESULT_KEY + n);
    }

    function sponsor() private pure returns (address) {
        return vm.addr(201);
    }

    function beneficiary() private pure returns (address) {
        return vm.addr(202);
    }
}
