// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AnchorLog} from "openledger/AnchorLog.sol";
import {DisputeCourt} from "openledger/DisputeCourt.sol";
import {Escrow} from "openledger/Escrow.sol";
import {NodeRegistry} from "openledger/NodeRegistry.sol";
import {PolicyBoard} from "openledger/PolicyBoard.sol";
import {PoolRegistry} from "openledger/PoolRegistry.sol";
import {RewardDistributor} from "openledger/RewardDistributor.sol";
import {Roles} from "openledger/Roles.sol";
import {WrappedOpen} from "openledger/WrappedOpen.sol";

// The planted copies: contracts/mutants.js says which line each one lacks.
import {AnchorLog as AcceptsFlippedProofs} from "mutants/AcceptsFlippedProofs/AnchorLog.sol";
import {AnchorLog as ForgetsLoneNodes} from "mutants/ForgetsLoneNodes/AnchorLog.sol";
import {AnchorLog as ForgetsTheOlderRoot} from "mutants/ForgetsTheOlderRoot/AnchorLog.sol";
import {AnchorLog as ForgetsTheSize} from "mutants/ForgetsTheSize/AnchorLog.sol";
import {AnchorLog as LetsTheLogShrink} from "mutants/LetsTheLogShrink/AnchorLog.sol";
import {CoinEscrow} from "openledger/CoinEscrow.sol";
import {CoinEscrow as BooksRefusedCoin} from "mutants/BooksRefusedCoin/CoinEscrow.sol";
import {CoinEscrow as KeepsLooseCoin} from "mutants/KeepsLooseCoin/CoinEscrow.sol";
import {CoinEscrow as PaysBothWays} from "mutants/PaysBothWays/CoinEscrow.sol";
import {CoinEscrow as WrapsNothing} from "mutants/WrapsNothing/CoinEscrow.sol";
import {DisputeCourt as AccusesAgreement} from "mutants/AccusesAgreement/DisputeCourt.sol";
import {DisputeCourt as AccusesUnsigned} from "mutants/AccusesUnsigned/DisputeCourt.sol";
import {DisputeCourt as ExecutesEarly} from "mutants/ExecutesEarly/DisputeCourt.sol";
import {DisputeCourt as ExecutesTwice} from "mutants/ExecutesTwice/DisputeCourt.sol";
import {DisputeCourt as TriesBothWays} from "mutants/TriesBothWays/DisputeCourt.sol";
import {DisputeCourt as TriesTwice} from "mutants/TriesTwice/DisputeCourt.sol";
import {Escrow as AcceptsDust} from "mutants/AcceptsDust/Escrow.sol";
import {Escrow as FundsStrangers} from "mutants/FundsStrangers/Escrow.sol";
import {Escrow as RepeatsPayments} from "mutants/RepeatsPayments/Escrow.sol";
import {Escrow as ReturnsTooMuch} from "mutants/ReturnsTooMuch/Escrow.sol";
import {Escrow as PaysVouchersTwice} from "mutants/PaysVouchersTwice/Escrow.sol";
import {Escrow as ForgetsTheCap} from "mutants/ForgetsTheCap/Escrow.sol";
import {Escrow as AcceptsForgedVouchers} from "mutants/AcceptsForgedVouchers/Escrow.sol";
import {Escrow as PaysAfterExpiry} from "mutants/PaysAfterExpiry/Escrow.sol";
import {Escrow as ReleasesTwice} from "mutants/ReleasesTwice/Escrow.sol";
import {Escrow as ReleasesRunningKeys} from "mutants/ReleasesRunningKeys/Escrow.sol";
import {Escrow as LocksNothing} from "mutants/LocksNothing/Escrow.sol";
import {NodeRegistry as AcceptsAnySigner} from "mutants/AcceptsAnySigner/NodeRegistry.sol";
import {NodeRegistry as LetsTheAppealingGo} from "mutants/LetsTheAppealingGo/NodeRegistry.sol";
import {NodeRegistry as ReleasesEarly} from "mutants/ReleasesEarly/NodeRegistry.sol";
import {NodeRegistry as ReturnsStakeTwice} from "mutants/ReturnsStakeTwice/NodeRegistry.sol";
import {NodeRegistry as SlashesForFree} from "mutants/SlashesForFree/NodeRegistry.sol";
import {NodeRegistry as SwapsKeys} from "mutants/SwapsKeys/NodeRegistry.sol";
import {PolicyBoard as BindsAtOnce} from "mutants/BindsAtOnce/PolicyBoard.sol";
import {PolicyBoard as ForgetsTheRules} from "mutants/ForgetsTheRules/PolicyBoard.sol";
import {PoolRegistry as KeepsForkedBonds} from "mutants/KeepsForkedBonds/PoolRegistry.sol";
import {PoolRegistry as ReturnsBondTwice} from "mutants/ReturnsBondTwice/PoolRegistry.sol";
import {PoolRegistry as SeesForksEverywhere} from "mutants/SeesForksEverywhere/PoolRegistry.sol";
import {RewardDistributor as AcceptsAnyClaim} from "mutants/AcceptsAnyClaim/RewardDistributor.sol";
import {RewardDistributor as ForgetsTheEpoch} from "mutants/ForgetsTheEpoch/RewardDistributor.sol";
import {RewardDistributor as PaysAboveTotal} from "mutants/PaysAboveTotal/RewardDistributor.sol";
import {RewardDistributor as PaysTwice} from "mutants/PaysTwice/RewardDistributor.sol";
import {RewardDistributor as PaysWhileChallenged} from "mutants/PaysWhileChallenged/RewardDistributor.sol";
import {RewardDistributor as PublishesUnfunded} from "mutants/PublishesUnfunded/RewardDistributor.sol";

import {AnchorCampaign} from "./AnchorCampaign.sol";
import {BoardCampaign} from "./BoardCampaign.sol";
import {Campaign} from "./Campaign.sol";
import {CoinCampaign} from "./CoinCampaign.sol";
import {CourtCampaign} from "./CourtCampaign.sol";
import {DistributorCampaign} from "./DistributorCampaign.sol";
import {EscrowCampaign} from "./EscrowCampaign.sol";
import {LogCampaign} from "./LogCampaign.sol";
import {Network} from "./Network.sol";
import {PoolCampaign} from "./PoolCampaign.sol";
import {RegistryCampaign} from "./RegistryCampaign.sol";
import {vm} from "./Test.sol";
import {VoucherCampaign} from "./VoucherCampaign.sol";

/// @notice Proves that the laws bite: each campaign passes over the contract itself and catches every
/// planted bug, by the law that the bug breaks.
contract PlantedBugsTest is Network {
    uint256 private constant STEPS = 500;

    function test_the_contracts_themselves_break_no_law() public {
        vm.assertEq(anchorLaw(address(new AnchorLog(address(manager), anchorer, "log"))), "");
        vm.assertEq(proofLaw(address(new AnchorLog(address(manager), anchorer, "log"))), "");
        vm.assertEq(escrowLaw(address(new Escrow(address(manager), open))), "");
        vm.assertEq(
            registryLaw(address(new NodeRegistry(address(manager), open, MINIMUM_STAKE, UNBONDING_SECONDS))), ""
        );
        vm.assertEq(distributorLaw(address(new RewardDistributor(address(manager), open))), "");
    }

    function test_the_court_itself_breaks_no_law() public {
        vm.assertEq(courtLaw(type(DisputeCourt).creationCode), "");
    }

    function test_the_pool_registry_itself_breaks_no_law() public {
        vm.assertEq(poolLaw(type(PoolRegistry).creationCode), "");
    }

    function test_the_board_itself_breaks_no_law() public {
        vm.assertEq(boardLaw(address(new PolicyBoard(address(manager), NOTICE_SECONDS))), "");
    }

    function test_a_court_that_hears_unsigned_words_is_caught() public {
        vm.assertEq(courtLaw(type(AccusesUnsigned).creationCode), "a node was accused with another's words");
    }

    function test_a_court_that_punishes_agreement_is_caught() public {
        vm.assertEq(courtLaw(type(AccusesAgreement).creationCode), "a node was accused of agreeing with itself");
    }

    function test_a_court_that_tries_twice_is_caught() public {
        vm.assertEq(courtLaw(type(TriesTwice).creationCode), "a node was tried twice for one replica");
    }

    function test_a_court_that_tries_one_fault_both_ways_is_caught() public {
        vm.assertEq(courtLaw(type(TriesBothWays).creationCode), "a node was tried twice for one replica");
    }

    function test_a_court_that_leaves_no_time_to_appeal_is_caught() public {
        vm.assertEq(courtLaw(type(ExecutesEarly).creationCode), "a case was executed while there was time to appeal");
    }

    function test_a_court_that_executes_twice_is_caught() public {
        vm.assertEq(courtLaw(type(ExecutesTwice).creationCode), "the court does not hold the bonds of its open cases");
    }

    function test_a_pool_registry_that_returns_bonds_twice_is_caught() public {
        vm.assertEq(poolLaw(type(ReturnsBondTwice).creationCode), "a bond was withdrawn twice");
    }

    function test_a_pool_registry_that_sees_forks_everywhere_is_caught() public {
        vm.assertEq(poolLaw(type(SeesForksEverywhere).creationCode), "one history was taken for two");
    }

    function test_a_pool_registry_that_keeps_forked_bonds_is_caught() public {
        vm.assertEq(poolLaw(type(KeepsForkedBonds).creationCode), "OPEN appeared or vanished");
    }

    function test_a_board_that_forgets_its_epoch_is_caught() public {
        vm.assertEq(
            boardLaw(address(new ForgetsTheRules(address(manager), NOTICE_SECONDS))),
            "rules landed that did not follow the latest epoch"
        );
    }

    function test_a_board_whose_rules_bind_at_once_is_caught() public {
        vm.assertEq(
            boardLaw(address(new BindsAtOnce(address(manager), NOTICE_SECONDS))),
            "rules bind before their time, or after it"
        );
    }

    function test_a_log_that_forgets_its_size_is_caught() public {
        vm.assertEq(
            anchorLaw(address(new ForgetsTheSize(address(manager), anchorer, "log"))),
            "a checkpoint landed that did not start at the size of the log"
        );
    }

    function test_a_log_that_shrinks_is_caught() public {
        vm.assertEq(anchorLaw(address(new LetsTheLogShrink(address(manager), anchorer, "log"))), "the log shrank");
    }

    function test_a_log_that_accepts_flipped_proofs_is_caught() public {
        vm.assertEq(
            proofLaw(address(new AcceptsFlippedProofs(address(manager), anchorer, "log"))), "another leaf was found"
        );
    }

    function test_a_log_that_forgets_the_older_root_is_caught() public {
        vm.assertEq(
            proofLaw(address(new ForgetsTheOlderRoot(address(manager), anchorer, "log"))), "another history held"
        );
    }

    function test_a_log_that_knows_only_perfect_trees_is_caught() public {
        vm.assertEq(
            proofLaw(address(new ForgetsLoneNodes(address(manager), anchorer, "log"))),
            "a true inclusion proof was refused"
        );
    }

    function test_an_escrow_that_repeats_payments_is_caught() public {
        vm.assertEq(escrowLaw(address(new RepeatsPayments(address(manager), open))), "one payment was made twice");
    }

    function test_an_escrow_that_accepts_dust_is_caught() public {
        vm.assertEq(
            escrowLaw(address(new AcceptsDust(address(manager), open))),
            "a deposit was taken that the accounts cannot hold"
        );
    }

    function test_an_escrow_that_returns_too_much_is_caught() public {
        vm.assertEq(
            escrowLaw(address(new ReturnsTooMuch(address(manager), open))), "a depositor got more back than it brought"
        );
    }

    function test_an_escrow_that_funds_strangers_is_caught() public {
        vm.assertEq(escrowLaw(address(new FundsStrangers(address(manager), open))), "OPEN left to a stranger");
    }

    function test_coins_themselves_break_no_law() public {
        vm.assertEq(coinLaw(type(CoinEscrow).creationCode), "");
    }

    function test_an_escrow_that_wraps_nothing_is_caught() public {
        vm.assertEq(coinLaw(type(WrapsNothing).creationCode), "the escrow holds coin that it did not wrap");
    }

    function test_an_escrow_that_keeps_loose_coin_is_caught() public {
        vm.assertEq(coinLaw(type(KeepsLooseCoin).creationCode), "coin came that belongs to nobody");
    }

    function test_an_escrow_that_pays_both_ways_is_caught() public {
        vm.assertEq(coinLaw(type(PaysBothWays).creationCode), "something else came back than was withdrawn");
    }

    function test_an_escrow_that_books_coin_that_was_refused_is_caught() public {
        vm.assertEq(coinLaw(type(BooksRefusedCoin).creationCode), "coin that nobody took was booked as returned");
    }

    function test_vouchers_themselves_break_no_law() public {
        vm.assertEq(voucherLaw(address(new Escrow(address(manager), open))), "");
    }

    function test_an_escrow_that_pays_vouchers_twice_is_caught() public {
        vm.assertEq(voucherLaw(address(new PaysVouchersTwice(address(manager), open))), "a voucher paid twice");
    }

    function test_an_escrow_that_forgets_the_cap_of_a_key_is_caught() public {
        vm.assertEq(voucherLaw(address(new ForgetsTheCap(address(manager), open))), "a key spent more than its cap");
    }

    function test_an_escrow_that_accepts_forged_vouchers_is_caught() public {
        vm.assertEq(
            voucherLaw(address(new AcceptsForgedVouchers(address(manager), open))), "a forged voucher was settled"
        );
    }

    function test_an_escrow_that_pays_after_a_key_expired_is_caught() public {
        vm.assertEq(
            voucherLaw(address(new PaysAfterExpiry(address(manager), open))),
            "a voucher was settled after its key expired"
        );
    }

    function test_an_escrow_that_releases_a_key_twice_is_caught() public {
        vm.assertEq(voucherLaw(address(new ReleasesTwice(address(manager), open))), "a key was released twice");
    }

    function test_an_escrow_that_releases_running_keys_is_caught() public {
        vm.assertEq(voucherLaw(address(new ReleasesRunningKeys(address(manager), open))), "a running key was released");
    }

    function test_an_escrow_that_locks_nothing_is_caught() public {
        vm.assertEq(voucherLaw(address(new LocksNothing(address(manager), open))), "what keys may spend is not locked");
    }

    function test_a_registry_that_releases_stakes_early_is_caught() public {
        vm.assertEq(
            registryLaw(address(new ReleasesEarly(address(manager), open, MINIMUM_STAKE, UNBONDING_SECONDS))),
            "a stake was released before its time"
        );
    }

    function test_a_registry_that_lets_go_of_stakes_that_were_held_before_an_exit_is_caught() public {
        vm.assertEq(
            registryLaw(address(new LetsTheAppealingGo(address(manager), open, MINIMUM_STAKE, UNBONDING_SECONDS))),
            "a stake was released during a case against its node"
        );
    }

    function test_a_registry_that_slashes_for_free_is_caught() public {
        vm.assertEq(
            registryLaw(address(new SlashesForFree(address(manager), open, MINIMUM_STAKE, UNBONDING_SECONDS))),
            "a stake differs from what was paid in and taken out"
        );
    }

    function test_a_registry_that_returns_stakes_twice_is_caught() public {
        vm.assertEq(
            registryLaw(address(new ReturnsStakeTwice(address(manager), open, MINIMUM_STAKE, UNBONDING_SECONDS))),
            "a stake was withdrawn twice"
        );
    }

    function test_a_registry_that_accepts_any_signer_is_caught() public {
        vm.assertEq(
            registryLaw(address(new AcceptsAnySigner(address(manager), open, MINIMUM_STAKE, UNBONDING_SECONDS))),
            "a node was held to another's signature"
        );
    }

    function test_a_registry_that_swaps_keys_is_caught() public {
        vm.assertEq(
            registryLaw(address(new SwapsKeys(address(manager), open, MINIMUM_STAKE, UNBONDING_SECONDS))),
            "a node's result key changed"
        );
    }

    function test_a_distributor_that_pays_twice_is_caught() public {
        vm.assertEq(distributorLaw(address(new PaysTwice(address(manager), open))), "a second claim paid again");
    }

    function test_a_distributor_that_pays_above_the_total_is_caught() public {
        vm.assertEq(
            distributorLaw(address(new PaysAboveTotal(address(manager), open))), "more was paid than was published"
        );
    }

    function test_a_distributor_that_publishes_unfunded_is_caught() public {
        vm.assertEq(
            distributorLaw(address(new PublishesUnfunded(address(manager), open))), "more was published than was funded"
        );
    }

    function test_a_distributor_that_forgets_the_epoch_is_caught() public {
        vm.assertEq(
            distributorLaw(address(new ForgetsTheEpoch(address(manager), open))),
            "an epoch was published that did not follow the current one"
        );
    }

    function test_a_distributor_that_accepts_any_claim_is_caught() public {
        vm.assertEq(distributorLaw(address(new AcceptsAnyClaim(address(manager), open))), "a forged claim was accepted");
    }

    function test_a_distributor_that_pays_while_an_epoch_can_be_challenged_is_caught() public {
        vm.assertEq(challengeLaw(address(new RewardDistributor(address(manager), open))), "");
        vm.assertEq(
            challengeLaw(address(new PaysWhileChallenged(address(manager), open))),
            "an epoch paid while it could be challenged"
        );
    }

    /// @dev A root with one account, which asks for its own at once.
    function challengeLaw(address distributor_) private returns (string memory) {
        RewardDistributor rewards = RewardDistributor(distributor_);
        rewards.setChallengeSeconds(1 hours);
        require(open.transfer(distributor_, 1e18), "the treasury is empty");
        rewards.publish(0, 1, keccak256(bytes.concat(keccak256(abi.encode(stranger, 1e18)))), 1e18);
        try rewards.claim(stranger, 1e18, new bytes32[](0)) {
            return "an epoch paid while it could be challenged";
        } catch {
            return "";
        }
    }

    function anchorLaw(address log_) private returns (string memory) {
        Campaign campaign = new AnchorCampaign(AnchorLog(log_));
        AnchorLog(log_).setAnchorer(address(campaign));
        return run(campaign);
    }

    function proofLaw(address log_) private returns (string memory wrong) {
        LogCampaign campaign = new LogCampaign(AnchorLog(log_));
        AnchorLog(log_).setAnchorer(address(campaign));
        (wrong,) = campaign.run();
    }

    function escrowLaw(address escrow_) private returns (string memory) {
        Escrow(escrow_).setDistributor(address(distributor), true);
        return run(new EscrowCampaign(Escrow(escrow_), open, address(distributor)));
    }

    function coinLaw(bytes memory code) private returns (string memory) {
        WrappedOpen wrapped = new WrappedOpen();
        address escrow_ = deploy(bytes.concat(code, abi.encode(address(manager), wrapped)));
        CoinEscrow(payable(escrow_)).setDistributor(address(distributor), true);
        return run(new CoinCampaign(CoinEscrow(payable(escrow_)), wrapped, address(distributor)));
    }

    function voucherLaw(address escrow_) private returns (string memory) {
        Escrow(escrow_).setDistributor(address(distributor), true);
        return run(new VoucherCampaign(Escrow(escrow_), open, address(distributor)));
    }

    function registryLaw(address registry_) private returns (string memory) {
        return run(new RegistryCampaign(NodeRegistry(registry_), open));
    }

    function distributorLaw(address distributor_) private returns (string memory) {
        return run(new DistributorCampaign(RewardDistributor(distributor_), open));
    }

    function boardLaw(address board_) private returns (string memory) {
        return run(new BoardCampaign(PolicyBoard(board_)));
    }

    function poolLaw(bytes memory code) private returns (string memory) {
        bytes memory arguments = abi.encode(address(manager), open, treasury, MINIMUM_BOND, UNBONDING_SECONDS);
        return run(new PoolCampaign(PoolRegistry(deploy(bytes.concat(code, arguments))), open));
    }

    function courtLaw(bytes memory code) private returns (string memory) {
        bytes memory arguments = abi.encode(address(manager), registry, log, treasury, courtTerms());
        address court_ = deploy(bytes.concat(code, arguments));
        manager.grantRole(Roles.SLASHER, court_, 0);
        return run(new CourtCampaign(DisputeCourt(court_), open));
    }

    /// @dev By its code, since a copy's constructor wants the copy's own types.
    function deploy(bytes memory code) private returns (address made) {
        assembly ("memory-safe") {
            made := create(0, add(code, 32), mload(code))
        }
        require(made != address(0), "not deployed");
    }

    /// @return The first law that breaks; empty if all hold to the end.
    function run(Campaign campaign) private returns (string memory) {
        manager.grantRole(manager.ADMIN_ROLE(), address(campaign), 0);
        manager.grantRole(Roles.GOVERNANCE, address(campaign), 0);
        manager.grantRole(Roles.JUDGE, address(campaign), 0);
        require(open.transfer(address(campaign), open.totalSupply() / 8), "the treasury is empty");
        for (uint256 i = 0; i < STEPS; ++i) {
            try campaign.step(i) {}
            catch {
                return "an honest action was refused";
            }
            string memory law = campaign.brokenLaw();
            if (bytes(law).length != 0) return law;
        }
        return "";
    }
}
