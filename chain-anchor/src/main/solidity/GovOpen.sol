// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {ERC20Wrapper} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Wrapper.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";

/// @title GovOpen
/// @notice OPEN that votes: wrapped one to one, unwrapped at any time. Who holds it votes once it has delegated, to
/// itself or to another.
/// @dev Only approval is asked of the wrapped coin, since an OPEN that is deployed already may know no permit. Time
/// is counted in seconds and not in blocks, so that a voting period means the same on every chain.
contract GovOpen is ERC20, ERC20Permit, ERC20Votes, ERC20Wrapper {
    /// @param open The coin that is wrapped.
    constructor(IERC20 open) ERC20("Governance Open", "GOPEN") ERC20Permit("Governance Open") ERC20Wrapper(open) {}

    /// @notice Wraps `amount` of the caller's OPEN, having approved it.
    function deposit(uint256 amount) external {
        depositFor(_msgSender(), amount);
    }

    /// @notice Returns `amount` as OPEN to the caller.
    function withdraw(uint256 amount) external {
        withdrawTo(_msgSender(), amount);
    }

    /// @return The second that votes are counted at.
    function clock() public view override returns (uint48) {
        return uint48(block.timestamp);
    }

    /// @return How {clock} counts, as ERC-6372 writes it.
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }

    /// @inheritdoc ERC20Wrapper
    function decimals() public view override(ERC20, ERC20Wrapper) returns (uint8) {
        return super.decimals();
    }

    /// @inheritdoc ERC20Permit
    function nonces(address owner) public view override(ERC20Permit, Nonces) returns (uint256) {
        return super.nonces(owner);
    }

    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Votes) {
        super._update(from, to, value);
    }
}
