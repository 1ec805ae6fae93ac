# InviteGuests.ps1: the bulk invitation of the original's documents, ported to today's Graph PowerShell calls. It speaks to any
# cloud of Footbridge whose address stands in $graph; `footbridge guests invite --csv` does the same without PowerShell.
#
# Input (with the header row):      Output: the same, and time,status,userId,redeemUrl,inviteId,error
#   Name,Email
#   Jane Doe,jane@fabrikam.example
#
# The output is a valid input: rows whose error is `success` are passed over, the others are tried again.

#Requires -Modules Microsoft.Graph.Authentication

$csvInput    = 'BulkInvite.csv'
$csvOutput   = 'BulkInviteResults.csv'
$cloud       = 'https://cloud.example'
$redirectUrl = "$cloud/contoso.example/sites/falcon"
$groupName   = 'Falcon partners'

# A token of an administrator; without one, Connect-MgGraph asks the cloud that Add-MgEnvironment names.
Add-MgEnvironment -Name Footbridge -GraphEndpoint $cloud -AzureADEndpoint $cloud | Out-Null
Connect-MgGraph -Environment Footbridge -AccessToken (Read-Host -AsSecureString 'Access token') -NoWelcome

# Get-MgGroup -Filter "displayName eq '...'"
$filter = [uri]::EscapeDataString("displayName eq '$($groupName.Replace("'", "''"))'")
$group = (Invoke-MgGraphRequest -Method GET -Uri "v1.0/groups?`$filter=$filter").value[0]

$results = foreach ($row in Import-Csv $csvInput) {
    if ($row.error -eq 'success') { $row; continue }
    $out = [ordered]@{}
    $row.PSObject.Properties | ForEach-Object { $out[$_.Name] = $_.Value }
    try {
        # New-MgInvitation -SendInvitationMessage:$false
        $invitation = Invoke-MgGraphRequest -Method POST -Uri 'v1.0/invitations' -Body @{
            invitedUserEmailAddress = $row.Email
            invitedUserDisplayName  = $row.Name
            inviteRedirectUrl       = $redirectUrl
            sendInvitationMessage   = $false
        }
        $out.time      = Get-Date -Format u
        $out.status    = $invitation.status
        $out.userId    = $invitation.invitedUser.id
        $out.redeemUrl = $invitation.inviteRedeemUrl
        $out.inviteId  = $invitation.id
        try {
            # New-MgGroupMemberByRef: the group's welcome mail goes out
            Invoke-MgGraphRequest -Method POST -Uri "v1.0/groups/$($group.id)/members/`$ref" -Body @{
                '@odata.id' = "$cloud/v1.0/directoryObjects/$($invitation.invitedUser.id)"
            }
        } catch {
            # Who is in the group already is where they should be.
            if ($_ -notmatch 'references already exist') { throw }
        }
        $out.error = 'success'
    } catch {
        $out.error = $_.Exception.Message
    }
    [pscustomobject]$out
}
$results | Export-Csv -Path $csvOutput -NoTypeInformation
