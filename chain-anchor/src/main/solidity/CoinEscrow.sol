// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {Escrow} from "./Escrow.sol";
import {AccountId} from "./Identifiers.sol";

/// @title IWrappedCoin
/// @notice The chain's coin as a token, one to one: WOPEN, and whatever else is made like WETH9.
interface IWrappedCoin is IERC20 {
    /// @notice Turns the coin that is sent along into as much of the token.
    function deposit() external payable;

    /// @notice Turns `amount` of the caller's token back into the coin.
    function withdraw(uint256 amount) external;
}

/// @title CoinEscrow
/// @notice The {Escrow} for a chain whose own coin is OPEN. Deposits may come in the coin and go back in the coin,
/// beside the token that wraps it.
/// @dev The coin is wrapped on its way in and unwrapped on its way out, so that there is one sum, one set of books and
/// one kind of voucher, whichever way a deposit came. Between transactions this contract holds no coin.
contract CoinEscrow is Escrow {
    /// @notice Whether what `depositor` brought to `account` goes back in the coin.
    event CoinChosen(AccountId indexed account, address indexed depositor, bool inCoin);

    /// @notice Coin that is sent without saying for whom is not kept.
    error CoinWithoutAccount(address sender, uint256 amount);

    /// @notice `payee` did not take the `amount` of coin that `depositor` had in `account`, and got the token.
    event CoinRefused(AccountId indexed account, address indexed depositor, address payee, uint256 amount);

    /// @notice A withdrawal in coin was sent with so little gas that its payee might fail for want of it.
    error GasTooLow(uint256 required, uint256 left);

    /// @dev What a payee's code may burn of the operator's gas.
    uint256 private constant PAYEE_GAS = 50_000;

    /// @dev What must be left before the payee is called: the call's own price, its gas, and paying the token instead. So a
    /// payee that does otherwise than in an estimate makes no transaction fail.
    uint256 private constant RETURN_GAS = 200_000;

    mapping(AccountId account => mapping(address depositor => bool)) private _inCoin;

    /// @param authority The access manager, as of {Escrow}.
    /// @param wrapped The token that wraps the chain's coin.
    constructor(address authority, IWrappedCoin wrapped) Escrow(authority, wrapped) {}

    /// @notice Takes coin from the wrapper alone, on its way to a payee.
    receive() external payable {
        if (msg.sender != address(token)) revert CoinWithoutAccount(msg.sender, msg.value);
    }

    /// @notice Brings the coin that is sent along to `account`, and chooses that it goes back in the coin.
    function depositCoin(AccountId account) external payable {
        if (!_inCoin[account][msg.sender]) _chooseCoin(account, true);
        _credit(account, msg.value);
        IWrappedCoin(address(token)).deposit{value: msg.value}();
    }

    /// @notice Chooses whether the caller's own deposits in `account` go back in the coin or in the token.
    function chooseCoin(AccountId account, bool inCoin) external {
        _chooseCoin(account, inCoin);
    }

    /// @return Whether what `depositor` brought to `account` goes back in the coin.
    function isPaidInCoin(AccountId account, address depositor) external view returns (bool) {
        return _inCoin[account][depositor];
    }

    /// @dev The books are closed by now, so that a payee that calls back finds nothing more to take.
    function _return(AccountId account, address depositor, address payee, uint256 amount) internal override {
        if (!_inCoin[account][depositor]) return super._return(account, depositor, payee, amount);
        IWrappedCoin(address(token)).withdraw(amount);
        if (gasleft() < RETURN_GAS) revert GasTooLow(RETURN_GAS, gasleft());
        if (_send(payee, amount)) return;
        emit CoinRefused(account, depositor, payee, amount);
        IWrappedCoin(address(token)).deposit{value: amount}();
        super._return(account, depositor, payee, amount);
    }

    /// @dev Without what the payee answers, whose length would be at its choice and our cost.
    function _send(address payee, uint256 amount) private returns (bool taken) {
        assembly ("memory-safe") {
            taken := call(PAYEE_GAS, payee, amount, 0, 0, 0, 0)
        }
    }

    function _chooseCoin(AccountId account, bool inCoin) private {
        _inCoin[account][msg.sender] = inCoin;
        emit CoinChosen(account, msg.sender, inCoin);
    }
}
