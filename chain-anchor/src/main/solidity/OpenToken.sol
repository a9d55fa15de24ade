// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @title OpenToken
/// @notice OPEN, the coin that pays for work. Its supply is minted once and can only fall, by burning.
/// @dev Votes live in a wrapper elsewhere, because vote checkpoints would add 25,000 gas to each payment.
contract OpenToken is ERC20, ERC20Permit, ERC20Burnable {
    /// @notice One thousand million OPEN, of 10^18 units each.
    uint256 public constant INITIAL_SUPPLY = 1e9 * 1e18;

    /// @param treasury Receives the whole supply.
    constructor(address treasury) ERC20("Open", "OPEN") ERC20Permit("Open") {
        _mint(treasury, INITIAL_SUPPLY);
    }
}
