"""What may be done with any task or case, whatever its procedure: claim, reassign, suspend …"""
