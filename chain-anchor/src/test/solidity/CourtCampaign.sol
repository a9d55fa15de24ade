// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DisputeCourt, SignedStatement} from "openledger/DisputeCourt.sol";
import {NodeId, PoolId} from "openledger/Identifiers.sol";
import {LogProofs} from "openledger/LogProofs.sol";
import {NodeRegistry} from "openledger/NodeRegistry.sol";
import {OpenToken} from "openledger/OpenToken.sol";
import {Campaign} from "./Campaign.sol";
import {bound, vm} from "./Test.sol";

/// @notice One node that says one thing and the other, one that never lied, and accusers of both.
/// @dev Needs OPEN, the registry's slashing right for the court, and the judge's right for itself.
contract CourtCampaign is Campaign {
    uint256 private constant LIAR_KEY = 301;
    uint256 private constant HONEST_KEY = 302;
    uint96 private constant STAKE = 100_000e18;

    DisputeCourt private immutable court;
    NodeRegistry private immutable registry;
    OpenToken private immutable open;

    uint256 private clock = 1_800_000_000;
    uint256 private replicas;
    uint256 private convictions;
    bool private joined;

    constructor(DisputeCourt court_, OpenToken open_) {
        court = court_;
        registry = court_.registry();
        open = open_;
    }

    function act(uint256 random) internal override {
        vm.warp(clock);
        if (!joined) join();
        uint256 action = random % 12;
        random >>= 8;
        if (action < 2) clock += bound(random, 1, 6 hours);
        else if (action < 5) accuseLiar();
        else if (action < 6) accuseHonest(random);
        else if (action < 7) accuseForAgreement();
        else if (action < 8) accuseAgain();
        else if (action < 9) accuseBothWays();
        else if (court.cases() > 0) close(random % court.cases(), random >> 128);
    }

    function join() private {
        joined = true;
        for (uint256 key = LIAR_KEY; key <= HONEST_KEY; ++key) {
            open.approve(address(registry), STAKE);
            registry.registerFor(vm.addr(key + 100), id(key), vm.addr(key), 0, PoolId.wrap(0), STAKE);
        }
    }

    function accuseLiar() private {
        ++replicas;
        accuse(LIAR_KEY, said(LIAR_KEY, replicas, "six"), said(LIAR_KEY, replicas, "seven"));
    }

    /// @dev With what the liar signed, since the honest node signed one outcome only.
    function accuseHonest(uint256 random) private {
        SignedStatement memory first = said(HONEST_KEY, random, "six");
        SignedStatement memory second = said(LIAR_KEY, random, "seven");
        pay();
        try court.accuseOfEquivocation(id(HONEST_KEY), first, second) {
            breach("a node was accused with another's words");
        } catch {}
    }

    function accuseForAgreement() private {
        ++replicas;
        SignedStatement memory first = said(HONEST_KEY, replicas, "six");
        SignedStatement memory second = said(HONEST_KEY, replicas, "six");
        pay();
        try court.accuseOfEquivocation(id(HONEST_KEY), first, second) {
            breach("a node was accused of agreeing with itself");
        } catch {}
    }

    function accuseAgain() private {
        if (replicas == 0 || court.cases() == 0) return;
        SignedStatement memory first = said(LIAR_KEY, replicas, "six");
        SignedStatement memory second = said(LIAR_KEY, replicas, "eight");
        uint256 before = court.cases();
        pay();
        try court.accuseOfEquivocation(id(LIAR_KEY), first, second) {
            if (tried(before)) breach("a node was tried twice for one replica");
        } catch {}
    }

    /// @dev Two replicas of one task are one fault, whichever is named first.
    function accuseBothWays() private {
        replicas += 2;
        SignedStatement memory first = said(LIAR_KEY, replicas - 1, "six");
        SignedStatement memory second = said(LIAR_KEY, replicas, "seven");
        accuse(LIAR_KEY, first, second);
        pay();
        try court.accuseOfEquivocation(id(LIAR_KEY), second, first) {
            breach("a node was tried twice for one replica");
        } catch {}
    }

    /// @dev Whether the replica of the latest number is among the first `before` cases: it is, unless the latest
    /// number was used up on the honest node.
    function tried(uint256 before) private view returns (bool) {
        bytes32 evidence =
            sha256(bytes.concat(said(LIAR_KEY, replicas, "six").leaf, said(LIAR_KEY, replicas, "seven").leaf));
        for (uint256 number = 0; number < before; ++number) {
            if (court.caseOf(number).evidence == evidence) return true;
        }
        return false;
    }

    function close(uint256 number, uint256 random) private {
        DisputeCourt.Case memory case_ = court.caseOf(number);
        if (case_.state == DisputeCourt.State.Open && random % 3 == 0 && clock < case_.closesAt) {
            vm.prank(vm.addr(LIAR_KEY + 100));
            court.appeal(number, bytes32(random));
        } else if (case_.state == DisputeCourt.State.Appealed) {
            court.judge(number, random % 2 == 0);
            if (random % 2 == 0) ++convictions;
        } else {
            execute(number, case_);
        }
    }

    function execute(uint256 number, DisputeCourt.Case memory case_) private {
        try court.execute(number) {
            if (case_.state != DisputeCourt.State.Open) breach("a closed case was executed");
            if (clock < case_.closesAt) breach("a case was executed while there was time to appeal");
            ++convictions;
        } catch {
            if (case_.state == DisputeCourt.State.Open && clock >= case_.closesAt) breach("a conviction was withheld");
        }
    }

    function unbalanced() internal view override returns (string memory) {
        uint256 bonds;
        uint256 executed;
        for (uint256 number = 0; number < court.cases(); ++number) {
            DisputeCourt.Case memory case_ = court.caseOf(number);
            if (case_.state == DisputeCourt.State.Open || case_.state == DisputeCourt.State.Appealed) {
                bonds += case_.bond;
            }
            if (case_.state == DisputeCourt.State.Executed) ++executed;
        }
        if (open.balanceOf(address(court)) != bonds) return "the court does not hold the bonds of its open cases";
        if (executed != convictions) return "a case was closed twice";
        if (joined && registry.node(id(HONEST_KEY)).stake != STAKE) return "an honest node lost stake";
        return "";
    }

    function accuse(uint256 key, SignedStatement memory first, SignedStatement memory second) private {
        pay();
        court.accuseOfEquivocation(id(key), first, second);
    }

    function pay() private {
        open.approve(address(court), court.terms().bond);
    }

    function said(uint256 key, uint256 replica, bytes32 outcome) private view returns (SignedStatement memory) {
        bytes memory words = abi.encode(bytes32(replica), bytes32("task"), outcome, uint64(7));
        bytes32 root = LogProofs.leafHash(words);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, registry.resultBatchDigest(id(key), root, 1));
        return SignedStatement(words, 0, new bytes32[](0), root, 1, abi.encodePacked(r, s, v));
    }

    function id(uint256 key) private pure returns (NodeId) {
        return NodeId.wrap(bytes16(uint128(key)));
    }
}
