// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title WrappedOpen
/// @notice OPEN as a token, on a chain whose own coin it is: one to one, and back at any time. Where the chain has such
/// a token already, that one is used.
contract WrappedOpen is ERC20("Wrapped OPEN", "WOPEN") {
    /// @notice `account` did not take the `amount` of coin that it asked for.
    error CoinNotTaken(address account, uint256 amount);

    /// @notice Turns the coin that is sent along into as much of the token.
    function deposit() external payable {
        _mint(msg.sender, msg.value);
    }

    /// @notice Turns `amount` of the caller's token back into the coin.
    function withdraw(uint256 amount) external {
        _burn(msg.sender, amount);
        (bool taken,) = msg.sender.call{value: amount}("");
        if (!taken) revert CoinNotTaken(msg.sender, amount);
    }
}
