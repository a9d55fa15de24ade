// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {CoinEscrow} from "openledger/CoinEscrow.sol";
import {Escrow} from "openledger/Escrow.sol";
import {AccountId, PaymentKey} from "openledger/Identifiers.sol";
import {WrappedOpen} from "openledger/WrappedOpen.sol";
import {Campaign} from "./Campaign.sol";
import {bound, vm} from "./Test.sol";

/// @notice Does not want any coin.
contract Proud {}

/// @notice Three depositors bring OPEN as the chain's coin and as the token that wraps it, and have it back either way,
/// between funding, dust, loose coin and payees that take none.
/// @dev Needs the operator's rights, and `distributor` to be allowed.
contract CoinCampaign is Campaign {
    uint256 private constant DEPOSITORS = 3;
    AccountId private constant ACCOUNT = AccountId.wrap(keccak256("a tenant"));

    CoinEscrow private immutable escrow;
    WrappedOpen private immutable wrapped;
    address private immutable distributor;
    address private immutable proud = address(new Proud());

    uint256[DEPOSITORS] private deposited;
    uint256[DEPOSITORS] private withdrawn;
    bool[DEPOSITORS] private inCoin;
    uint256 private funded;
    uint256 private payments;

    constructor(CoinEscrow escrow_, WrappedOpen wrapped_, address distributor_) {
        escrow = escrow_;
        wrapped = wrapped_;
        distributor = distributor_;
    }

    function act(uint256 random) internal override {
        uint256 action = random % 16;
        uint256 d = (random >> 8) % DEPOSITORS;
        random >>= 16;
        if (action < 4) depositCoin(d, bound(random, 1, 1e12) * 1e9);
        else if (action < 6) depositToken(d, bound(random, 1, 1e12) * 1e9);
        else if (action < 7) depositDust(d, random);
        else if (action < 8) choose(d, random % 2 == 0);
        else if (action < 12) withdraw(d, random);
        else if (action < 13) withdrawTooMuch(d);
        else if (action < 14) withdrawToTheProud(d);
        else if (action < 15) fund(random);
        else sendLooseCoin(d, bound(random, 1, 1e18));
    }

    function depositCoin(uint256 d, uint256 amount) private {
        vm.deal(depositor(d), amount);
        vm.prank(depositor(d));
        escrow.depositCoin{value: amount}(ACCOUNT);
        deposited[d] += amount;
        inCoin[d] = true;
    }

    function depositToken(uint256 d, uint256 amount) private {
        vm.deal(depositor(d), amount);
        vm.prank(depositor(d));
        wrapped.deposit{value: amount}();
        vm.prank(depositor(d));
        wrapped.approve(address(escrow), amount);
        vm.prank(depositor(d));
        escrow.deposit(ACCOUNT, amount);
        deposited[d] += amount;
    }

    function depositDust(uint256 d, uint256 random) private {
        uint256 amount = bound(random, 0, 1e18);
        if (amount % 1e9 == 0) amount = 0;
        vm.deal(depositor(d), amount);
        vm.prank(depositor(d));
        try escrow.depositCoin{value: amount}(ACCOUNT) {
            breach("coin was taken that the accounts cannot hold");
        } catch {}
    }

    function choose(uint256 d, bool coin) private {
        vm.prank(depositor(d));
        escrow.chooseCoin(ACCOUNT, coin);
        inCoin[d] = coin;
    }

    function withdraw(uint256 d, uint256 random) private {
        uint256 amount = bound(random, 1, 1e12) * 1e9;
        uint256 most = deposited[d] - withdrawn[d];
        if (most > held()) most = held();
        if (most == 0) return;
        if (amount > most) amount = most;
        (uint256 coin, uint256 token) = (depositor(d).balance, wrapped.balanceOf(depositor(d)));
        escrow.withdraw(ACCOUNT, depositor(d), amount, payment());
        withdrawn[d] += amount;
        (uint256 coinBack, uint256 tokenBack) = inCoin[d] ? (amount, uint256(0)) : (uint256(0), amount);
        if (depositor(d).balance != coin + coinBack || wrapped.balanceOf(depositor(d)) != token + tokenBack) {
            breach("something else came back than was withdrawn");
        }
    }

    function withdrawTooMuch(uint256 d) private {
        try escrow.withdraw(ACCOUNT, depositor(d), deposited[d] - withdrawn[d] + 1e9, payment()) {
            breach("a depositor got more back than it brought");
        } catch {}
    }

    function withdrawToTheProud(uint256 d) private {
        if (!inCoin[d] || deposited[d] - withdrawn[d] < 1e9 || held() < 1e9) return;
        vm.prank(depositor(d));
        escrow.setPayee(ACCOUNT, proud);
        uint256 before = wrapped.balanceOf(proud);
        escrow.withdraw(ACCOUNT, depositor(d), 1e9, payment());
        withdrawn[d] += 1e9;
        if (wrapped.balanceOf(proud) != before + 1e9) breach("coin that nobody took was booked as returned");
        vm.prank(depositor(d));
        escrow.setPayee(ACCOUNT, address(0));
    }

    function fund(uint256 random) private {
        uint256 most = held() / 1e9 / 8;
        if (most == 0) return;
        uint256 amount = bound(random, 1, most) * 1e9;
        escrow.fund(distributor, amount, payment());
        funded += amount;
    }

    function sendLooseCoin(uint256 d, uint256 amount) private {
        vm.deal(depositor(d), amount);
        vm.prank(depositor(d));
        (bool taken,) = address(escrow).call{value: amount}("");
        if (taken) breach("coin came that belongs to nobody");
    }

    function unbalanced() internal view override returns (string memory) {
        uint256 sum;
        for (uint256 d = 0; d < DEPOSITORS; ++d) {
            Escrow.Deposits memory books = escrow.deposits(ACCOUNT, depositor(d));
            if (books.deposited != deposited[d] || books.withdrawn != withdrawn[d]) {
                return "a depositor's books differ from its payments";
            }
            if (escrow.isPaidInCoin(ACCOUNT, depositor(d)) != inCoin[d]) {
                return "another coin comes back than was chosen";
            }
            sum += deposited[d] - withdrawn[d];
        }
        if (address(escrow).balance != 0) return "the escrow holds coin that it did not wrap";
        if (held() + funded != sum) return "OPEN appeared or vanished";
        if (address(wrapped).balance != wrapped.totalSupply()) return "a token is not covered by coin";
        return "";
    }

    function held() private view returns (uint256) {
        return wrapped.balanceOf(address(escrow));
    }

    function payment() private returns (PaymentKey) {
        return PaymentKey.wrap(keccak256(abi.encode("payment", ++payments)));
    }

    function depositor(uint256 d) private pure returns (address) {
        return vm.addr(1 + d);
    }
}
