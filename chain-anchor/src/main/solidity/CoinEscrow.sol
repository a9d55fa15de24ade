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

    /// @notice `payee` did not take the `amount` of coin. Its depositor can choose another payee, or the token.
    error CoinRefused(address payee, uint256 amount);

    /// @dev What a payee's code may burn of the operator's gas.
    uint256 private constant PAYEE_GAS = 50_000;

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
        (bool taken,) = payee.call{value: amount, gas: PAYEE_GAS}("");
        if (!taken) revert CoinRefused(payee, amount);
    }

    function _chooseCoin(AccountId account, bool inCoin) private {
        _inCoin[account][msg.sender] = inCoin;
        emit CoinChosen(account, msg.sender, inCoin);
    }
}
