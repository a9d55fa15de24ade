// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {OpenToken} from "openledger/OpenToken.sol";
import {RewardDistributor} from "openledger/RewardDistributor.sol";
import {Campaign} from "./Campaign.sol";
import {PAYEES, PayoutTree} from "./PayoutTree.sol";
import {bound, vm} from "./Test.sol";

/// @notice Epochs of earnings for eight accounts: funded, published, claimed, claimed again, and forged.
/// @dev Needs OPEN to fund with, and the right to publish.
contract DistributorCampaign is Campaign {
    RewardDistributor private immutable distributor;
    OpenToken private immutable open;

    address[PAYEES] private accounts;
    // What the current root promises, what any root ever promised, and what was seen to arrive.
    uint256[PAYEES] private earned;
    uint256[PAYEES] private promised;
    uint256[PAYEES] private paid;
    uint256 private funded;
    uint256 private total;
    uint64 private epoch;
    bool private overPromised;

    constructor(RewardDistributor distributor_, OpenToken open_) {
        distributor = distributor_;
        open = open_;
        for (uint256 i = 0; i < accounts.length; ++i) {
            accounts[i] = vm.addr(1 + i);
        }
    }

    function act(uint256 random) internal override {
        uint256 action = random % 32;
        random >>= 8;
        if (action < 5) fund(random);
        else if (action < 11) publishEarnings(random);
        else if (action < 20) claim(random);
        else if (action < 24) claimTwice(random);
        else if (action < 26) forgeClaim(random);
        else if (action < 28) publishUnfunded(random);
        else if (action < 31) publishOutOfTurn(random);
        else publishTooGenerousRoot();
    }

    function fund(uint256 random) private {
        uint256 amount = bound(random, 0, 1000e18);
        require(open.transfer(address(distributor), amount), "the campaign is out of OPEN");
        funded += amount;
    }

    function publishEarnings(uint256 random) private {
        for (uint256 i = 0; i < accounts.length; ++i) {
            uint256 more = bound(uint256(keccak256(abi.encode(random, i))), 0, (funded - total) / 2);
            promise_(i, earned[i] + more);
            total += more;
        }
        uint64 next = epoch + 1 + uint64(random % 3);
        distributor.publish(epoch, next, PayoutTree.root(accounts, earned), total);
        epoch = next;
    }

    function publishUnfunded(uint256 random) private {
        try distributor.publish(epoch, epoch + 1, bytes32(random), funded + bound(random, 1, 1e18)) {
            breach("more was published than was funded");
        } catch {}
    }

    function publishOutOfTurn(uint256 random) private {
        uint64 fromEpoch = uint64(bound(random, 0, epoch + 2));
        if (fromEpoch == epoch) return;
        try distributor.publish(fromEpoch, epoch + 3, bytes32(random), total) {
            breach("an epoch was published that did not follow the current one");
        } catch {}
    }

    /// @dev A publisher's mistake: the leaves add up to more than the total it states.
    function publishTooGenerousRoot() private {
        overPromised = true;
        for (uint256 i = 0; i < accounts.length; ++i) {
            promise_(i, 2 * earned[i] + 1e18);
        }
        distributor.publish(epoch, epoch + 1, PayoutTree.root(accounts, earned), total);
        epoch += 1;
    }

    function claim(uint256 random) private {
        if (epoch == 0) return;
        uint256 i = random % accounts.length;
        bytes32[] memory proof = PayoutTree.proof(accounts, earned, i);
        uint256 before = open.balanceOf(accounts[i]);
        try distributor.claim(accounts[i], earned[i], proof) returns (uint256 said) {
            uint256 arrived = open.balanceOf(accounts[i]) - before;
            if (said != arrived) breach("a claim said one amount and paid another");
            paid[i] += arrived;
        } catch {
            if (!overPromised) breach("an earned claim was refused");
        }
    }

    function claimTwice(uint256 random) private {
        uint256 i = random % accounts.length;
        claim(random);
        uint256 before = paid[i];
        claim(random);
        if (paid[i] != before) breach("a second claim paid again");
    }

    function forgeClaim(uint256 random) private {
        uint256 i = random % accounts.length;
        bytes32[] memory proof = PayoutTree.proof(accounts, earned, i);
        try distributor.claim(accounts[i], earned[i] + 1, proof) {
            breach("a forged claim was accepted");
        } catch {}
    }

    function promise_(uint256 i, uint256 amount) private {
        earned[i] = amount;
        if (amount > promised[i]) promised[i] = amount;
    }

    function unbalanced() internal view override returns (string memory) {
        uint256 balance = open.balanceOf(address(distributor));
        uint256 sumPaid;
        for (uint256 i = 0; i < accounts.length; ++i) {
            sumPaid += paid[i];
            if (paid[i] > promised[i]) return "an account was paid more than it earned";
            if (distributor.claimed(accounts[i]) != paid[i]) return "an account's books differ from its payments";
        }
        if (balance + sumPaid != funded) return "OPEN appeared or vanished";
        if (distributor.totalClaimed() != sumPaid) return "the books differ from the payments";
        if (distributor.totalClaimed() > distributor.total()) return "more was paid than was published";
        if (distributor.total() > balance + sumPaid) return "more is published than was funded";
        if (distributor.epoch() != epoch) return "the epoch moved by itself";
        return "";
    }
}
