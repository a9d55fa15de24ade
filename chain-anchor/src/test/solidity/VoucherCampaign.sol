// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Escrow} from "openledger/Escrow.sol";
import {AccountId, PaymentKey, PoolId} from "openledger/Identifiers.sol";
import {OpenToken} from "openledger/OpenToken.sol";
import {Campaign} from "./Campaign.sol";
import {bound, vm} from "./Test.sol";

/// @notice Two depositors let keys spend for two pools: authorised, settled, revoked, expired, released, and each of
/// that tried wrongly, between deposits, withdrawals and funding.
/// @dev Needs OPEN to hand to the depositors, the operator's rights, and `distributor` to be allowed.
contract VoucherCampaign is Campaign {
    uint256 private constant DEPOSITORS = 2;
    AccountId private constant ACCOUNT = AccountId.wrap(keccak256("a tenant"));

    struct Ghost {
        uint256 depositor;
        uint256 cap;
        uint256[2] spent;
        uint256 expiresAt;
        bool released;
    }

    Escrow private immutable escrow;
    OpenToken private immutable open;
    address private immutable distributor;

    Ghost[] private ghosts;
    uint256[DEPOSITORS] private deposited;
    uint256[DEPOSITORS] private withdrawn;
    uint256 private funded;
    uint256 private payments;
    uint256 private clock = block.timestamp;

    constructor(Escrow escrow_, OpenToken open_, address distributor_) {
        escrow = escrow_;
        open = open_;
        distributor = distributor_;
    }

    function act(uint256 random) internal override {
        uint256 action = random % 32;
        uint256 d = (random >> 8) % DEPOSITORS;
        random >>= 16;
        if (action < 4 || ghosts.length == 0) {
            deposit(d, bound(random, 1, 1e12) * 1e9);
            authorise(d, random);
            return;
        }
        // Mostly the latest keys, that are not over yet.
        uint256 k = ghosts.length - 1 - (random % ghosts.length) % 4 % ghosts.length;
        random >>= 16;
        if (action < 14) settle(k, random);
        else if (action < 16) settleTooMuch(k, random);
        else if (action < 18) settleForged(k, random);
        else if (action < 20) revoke(k);
        else if (action < 25) release(k);
        else if (action < 27) withdraw(d, random);
        else if (action < 28) withdrawTooMuch(d);
        else if (action < 29) fund();
        else pass(bound(random, 1, 16 hours));
    }

    function deposit(uint256 d, uint256 amount) private {
        require(open.transfer(depositor(d), amount), "the campaign is out of OPEN");
        vm.prank(depositor(d));
        open.approve(address(escrow), amount);
        vm.prank(depositor(d));
        escrow.deposit(ACCOUNT, amount);
        deposited[d] += amount;
    }

    function authorise(uint256 d, uint256 random) private {
        uint256 cap = bound(random, 1, available(d) / 1e9) * 1e9;
        uint256 expiresAt = clock + 1 days + random % 2 days;
        address key = keyOf(ghosts.length);
        vm.prank(depositor(d));
        escrow.authorise(ACCOUNT, key, uint96(cap), uint48(expiresAt));
        ghosts.push(Ghost(d, cap, [uint256(0), 0], expiresAt, false));
    }

    function settle(uint256 k, uint256 random) private {
        Ghost storage ghost = ghosts[k];
        uint256 p = random % 2;
        uint256 left = (ghost.cap - ghost.spent[0] - ghost.spent[1]) / 1e9;
        if (left == 0) return;
        uint256 cumulative = ghost.spent[p] + bound(random, 1, left) * 1e9;
        Escrow.Voucher[] memory vouchers = signed(k, p, cumulative, k);
        if (clock >= ghost.expiresAt) {
            try escrow.settleMany(vouchers) {
                breach("a voucher was settled after its key expired");
            } catch {}
            return;
        }
        uint256 paid = escrow.settleMany(vouchers);
        if (paid != cumulative - ghost.spent[p]) breach("a voucher paid something else than what was new");
        ghost.spent[p] = cumulative;
        try escrow.settleMany(vouchers) returns (uint256 again) {
            if (again != 0) breach("a voucher paid twice");
        } catch {
            breach("a voucher paid twice");
        }
    }

    function settleTooMuch(uint256 k, uint256 random) private {
        Ghost storage ghost = ghosts[k];
        uint256 p = random % 2;
        uint256 cumulative = ghost.cap - ghost.spent[1 - p] + 1e9 * bound(random, 1, 1e9);
        try escrow.settleMany(signed(k, p, cumulative, k)) {
            breach("a key spent more than its cap");
        } catch {}
    }

    function settleForged(uint256 k, uint256 random) private {
        Ghost storage ghost = ghosts[k];
        uint256 p = random % 2;
        if (ghost.spent[0] + ghost.spent[1] == ghost.cap) return;
        try escrow.settleMany(signed(k, p, ghost.spent[p] + 1e9, k + 1)) {
            breach("a forged voucher was settled");
        } catch {}
    }

    function revoke(uint256 k) private {
        Ghost storage ghost = ghosts[k];
        vm.prank(depositor(ghost.depositor));
        escrow.revoke(keyOf(k));
        if (clock + 1 days < ghost.expiresAt) ghost.expiresAt = clock + 1 days;
        vm.prank(depositor(1 - ghost.depositor));
        try escrow.revoke(keyOf(k)) {
            breach("a stranger revoked a key");
        } catch {}
    }

    function release(uint256 k) private {
        Ghost storage ghost = ghosts[k];
        if (ghost.released) return;
        if (clock < ghost.expiresAt) {
            try escrow.release(keyOf(k)) {
                breach("a running key was released");
            } catch {}
            return;
        }
        escrow.release(keyOf(k));
        ghost.released = true;
        try escrow.release(keyOf(k)) {
            breach("a key was released twice");
        } catch {}
    }

    function withdraw(uint256 d, uint256 random) private {
        uint256 most = available(d);
        uint256 held = open.balanceOf(address(escrow));
        if (held < most) most = held;
        if (most == 0) return;
        uint256 amount = bound(random, 1, most / 1e9) * 1e9;
        escrow.withdraw(ACCOUNT, depositor(d), amount, payment());
        withdrawn[d] += amount;
    }

    function withdrawTooMuch(uint256 d) private {
        try escrow.withdraw(ACCOUNT, depositor(d), available(d) + 1e9, payment()) {
            breach("a depositor took what a key may spend");
        } catch {}
    }

    /// @dev Only what vouchers paid, so that every depositor can have the rest.
    function fund() private {
        uint256 amount = escrow.totalSpent() - funded;
        if (amount == 0) return;
        escrow.fund(distributor, amount, payment());
        funded += amount;
    }

    function pass(uint256 time) private {
        clock += time;
        vm.warp(clock);
    }

    function unbalanced() internal view override returns (string memory) {
        uint256 owed;
        uint256 spent;
        uint256[DEPOSITORS] memory locked;
        for (uint256 k = 0; k < ghosts.length; ++k) {
            Ghost storage ghost = ghosts[k];
            uint256 paid = ghost.spent[0] + ghost.spent[1];
            if (escrow.session(keyOf(k)).spent != paid) return "what a key spent differs from its vouchers";
            if (paid > ghost.cap) return "a key spent more than its cap";
            spent += paid;
            locked[ghost.depositor] += ghost.released ? paid : ghost.cap;
        }
        for (uint256 d = 0; d < DEPOSITORS; ++d) {
            Escrow.Deposits memory books = escrow.deposits(ACCOUNT, depositor(d));
            if (books.locked != locked[d]) return "what keys may spend is not locked";
            if (books.withdrawn + books.locked > books.deposited) return "a depositor took what a key may spend";
            owed += deposited[d] - withdrawn[d];
        }
        if (escrow.totalSpent() != spent) return "the total differs from the vouchers";
        if (open.balanceOf(address(escrow)) + funded != owed) return "OPEN appeared or vanished";
        return "";
    }

    function available(uint256 d) private view returns (uint256 free) {
        free = deposited[d] - withdrawn[d];
        for (uint256 k = 0; k < ghosts.length; ++k) {
            Ghost storage ghost = ghosts[k];
            if (ghost.depositor == d) free -= ghost.released ? ghost.spent[0] + ghost.spent[1] : ghost.cap;
        }
    }

    function signed(uint256 k, uint256 p, uint256 cumulative, uint256 signer)
        private
        view
        returns (Escrow.Voucher[] memory vouchers)
    {
        PoolId pool = PoolId.wrap(bytes16(uint128(1 + p)));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(1000 + signer, escrow.voucherDigest(keyOf(k), pool, cumulative));
        vouchers = new Escrow.Voucher[](1);
        vouchers[0] = Escrow.Voucher(keyOf(k), pool, cumulative, r, bytes32(uint256(s) | uint256(v - 27) << 255));
    }

    function payment() private returns (PaymentKey) {
        return PaymentKey.wrap(keccak256(abi.encode("payment", ++payments)));
    }

    function keyOf(uint256 k) private pure returns (address) {
        return vm.addr(1000 + k);
    }

    function depositor(uint256 d) private pure returns (address) {
        return vm.addr(1 + d);
    }
}
