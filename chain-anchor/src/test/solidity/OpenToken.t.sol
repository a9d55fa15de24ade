// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Network} from "./Network.sol";
import {vm} from "./Test.sol";

contract OpenTokenTest is Network {
    function test_the_treasury_starts_with_the_whole_supply() public view {
        vm.assertEq(open.totalSupply(), 1_000_000_000e18);
        vm.assertEq(open.balanceOf(address(this)), 1_000_000_000e18);
        vm.assertEq(open.symbol(), "OPEN");
        vm.assertEq(open.decimals(), 18);
    }

    function test_the_supply_falls_by_what_is_burned() public {
        open.burn(1e18);
        vm.assertEq(open.totalSupply(), 999_999_999e18);
    }

    function test_a_signed_permit_allows_spending_once() public {
        uint256 key = uint256(keccak256("a permitting key"));
        bytes32 digest = permitDigest(vm.addr(key), stranger, 5e18, 0);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);

        open.permit(vm.addr(key), stranger, 5e18, block.timestamp, v, r, s);
        vm.assertEq(open.allowance(vm.addr(key), stranger), 5e18);

        vm.expectRevert();
        open.permit(vm.addr(key), stranger, 5e18, block.timestamp, v, r, s);
    }

    function permitDigest(address owner, address spender, uint256 amount, uint256 nonce)
        private
        view
        returns (bytes32)
    {
        bytes32 permitType = keccak256(
            "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
        );
        bytes32 struct_ = keccak256(abi.encode(permitType, owner, spender, amount, nonce, block.timestamp));
        return keccak256(abi.encodePacked(hex"1901", open.DOMAIN_SEPARATOR(), struct_));
    }
}
