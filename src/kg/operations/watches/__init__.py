"""What is watched for whom, and how changes reach them."""
