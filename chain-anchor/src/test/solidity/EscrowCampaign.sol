// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Escrow} from "openledger/Escrow.sol";
import {AccountId, PaymentKey} from "openledger/Identifiers.sol";
import {OpenToken} from "openledger/OpenToken.sol";
import {Campaign} from "./Campaign.sol";
import {bound, vm} from "./Test.sol";

/// @notice Three depositors and two accounts: deposits, withdrawals, funding, and each of them tried wrongly.
/// @dev Needs OPEN to hand to the depositors, the operator's rights, and `distributor` to be allowed.
contract EscrowCampaign is Campaign {
    uint256 private constant ACCOUNTS = 2;
    uint256 private constant DEPOSITORS = 3;

    Escrow private immutable escrow;
    OpenToken private immutable open;
    address private immutable distributor;

    uint256[DEPOSITORS][ACCOUNTS] private deposited;
    uint256[DEPOSITORS][ACCOUNTS] private withdrawn;
    uint256 private funded;
    uint256 private payments;

    constructor(Escrow escrow_, OpenToken open_, address distributor_) {
        escrow = escrow_;
        open = open_;
        distributor = distributor_;
    }

    function act(uint256 random) internal override {
        uint256 action = random % 16;
        uint256 a = (random >> 8) % ACCOUNTS;
        uint256 d = (random >> 16) % DEPOSITORS;
        random >>= 24;
        if (action < 6) deposit(a, d, bound(random, 1, 1e12) * 1e9);
        else if (action < 7) depositDust(a, d, random);
        else if (action < 10) withdraw(a, d, random);
        else if (action < 11) withdrawTooMuch(a, d);
        else if (action < 13) fund(random);
        else if (action < 14) fundStranger();
        else repeatPayment(a, d, random);
    }

    function deposit(uint256 a, uint256 d, uint256 amount) private {
        provide(d, amount);
        vm.prank(depositor(d));
        escrow.deposit(account(a), amount);
        deposited[a][d] += amount;
    }

    function depositDust(uint256 a, uint256 d, uint256 random) private {
        uint256 amount = bound(random, 1, 1e18);
        if (amount % 1e9 == 0) amount += 1;
        provide(d, amount);
        vm.prank(depositor(d));
        try escrow.deposit(account(a), amount) {
            breach("a deposit was taken that the accounts cannot hold");
        } catch {}
    }

    function withdraw(uint256 a, uint256 d, uint256 random) private {
        uint256 most = least(deposited[a][d] - withdrawn[a][d], held()) / 1e9;
        if (most == 0) return;
        uint256 amount = bound(random, 1, most) * 1e9;
        escrow.withdraw(account(a), depositor(d), amount, key(++payments));
        withdrawn[a][d] += amount;
    }

    function withdrawTooMuch(uint256 a, uint256 d) private {
        uint256 amount = deposited[a][d] - withdrawn[a][d] + 1e9;
        try escrow.withdraw(account(a), depositor(d), amount, key(++payments)) {
            breach("a depositor got more back than it brought");
        } catch {}
    }

    function fund(uint256 random) private {
        // Never all of it, so that most withdrawals stay possible.
        uint256 most = held() / 1e9 / 8;
        if (most == 0) return;
        uint256 amount = bound(random, 1, most) * 1e9;
        escrow.fund(distributor, amount, key(++payments));
        funded += amount;
    }

    function fundStranger() private {
        if (held() < 1e9) return;
        try escrow.fund(depositor(0), 1e9, key(++payments)) {
            breach("OPEN left to a stranger");
        } catch {}
    }

    function repeatPayment(uint256 a, uint256 d, uint256 random) private {
        uint256 before = payments;
        withdraw(a, d, random);
        if (payments == before) return;
        try escrow.withdraw(account(a), depositor(d), 1e9, key(payments)) {
            breach("one payment was made twice");
        } catch {}
        try escrow.fund(distributor, 1e9, key(payments)) {
            breach("one payment key paid twice");
        } catch {}
    }

    function unbalanced() internal view override returns (string memory) {
        uint256 sumDeposited;
        uint256 sumWithdrawn;
        for (uint256 a = 0; a < ACCOUNTS; ++a) {
            for (uint256 d = 0; d < DEPOSITORS; ++d) {
                Escrow.Deposits memory books = escrow.deposits(account(a), depositor(d));
                if (books.deposited != deposited[a][d] || books.withdrawn != withdrawn[a][d]) {
                    return "a depositor's books differ from its payments";
                }
                if (books.withdrawn > books.deposited) return "a depositor got more back than it brought";
                sumDeposited += deposited[a][d];
                sumWithdrawn += withdrawn[a][d];
            }
        }
        (uint256 totalDeposited, uint256 totalWithdrawn, uint256 totalFunded) = escrow.totals();
        if (totalDeposited != sumDeposited || totalWithdrawn != sumWithdrawn || totalFunded != funded) {
            return "the totals differ from the payments";
        }
        if (held() != sumDeposited - sumWithdrawn - funded) return "OPEN appeared or vanished";
        return "";
    }

    function provide(uint256 d, uint256 amount) private {
        require(open.transfer(depositor(d), amount), "the campaign is out of OPEN");
        vm.prank(depositor(d));
        open.approve(address(escrow), amount);
    }

    function held() private view returns (uint256) {
        return open.balanceOf(address(escrow));
    }

    function least(uint256 left, uint256 right) private pure returns (uint256) {
        return left < right ? left : right;
    }

    function account(uint256 a) private pure returns (AccountId) {
        return AccountId.wrap(keccak256(abi.encode("account", a)));
    }

    function depositor(uint256 d) private pure returns (address) {
        return vm.addr(1 + d);
    }

    function key(uint256 payment) private pure returns (PaymentKey) {
        return PaymentKey.wrap(keccak256(abi.encode("payment", payment)));
    }
}
